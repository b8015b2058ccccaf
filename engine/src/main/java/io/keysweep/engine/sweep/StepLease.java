package io.keysweep.engine.sweep;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.link.ServerErrors;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The step lease lets another run make sure that the server starts no further step of this session.
 *
 * <p>A step is one call that visits keys, and a session is one connection to the primary. The lease keeps two workers
 * from sweeping the same primary at the same time. A step may reach the server late, because this process was frozen
 * with the step already in a socket buffer. By then another worker may own the sweep. There are two ways to stop such a
 * step:
 *
 * <ul>
 * <li>A script carries the end of the lease by the server's clock, and does nothing if it starts later. The end is
 * computed from the server's clock alone, so the two machines' clocks need not agree.
 * <li>Steps of other reclaim methods cannot check the clock, and no step can if the user is not allowed to run TIME. In
 * these cases the lease is the server's id of the connection. Another run that knows the id can close the connection.
 * </ul>
 *
 * <p>{@link EarlierSteps} uses the end of the lease, or the id. Used by the sweep's thread only.
 */
final class StepLease {

    private static final long MICROS_PER_SECOND = 1_000_000;

    /**
     * The length of the step lease, as a multiple of the time between two checkpoints. By default, the lease lasts 2 s.
     * It is shorter than the time after which the service considers a worker lost, so it has usually ended when another
     * worker takes over.
     */
    private static final int LEASE_CHECKPOINTS = 8;

    /** Returns how long the steps of a run may start after a checkpoint. */
    static Duration after(Duration checkpointEvery) {
        return checkpointEvery.multipliedBy(LEASE_CHECKPOINTS);
    }

    /** Whether the server does not allow this user to run TIME. */
    private boolean isClockForbidden;

    /** The latest reading of the server's clock, µs since 1970; 0 if it cannot be read. */
    private long serverMicros;

    /** The last moment at which a step may start, by the server's clock, µs since 1970; 0 if steps do not check it. */
    private long notAfterMicros;

    /** Whether the server has refused a step since the lease was renewed. */
    private boolean hasRefusedStep;

    /** Whether the id of the connection was requested, which happens once. */
    private boolean isClientIdRead;

    /** The server's id of the connection; 0 if it was not read or the server refuses CLIENT ID. */
    private long clientId;

    /**
     * Reads the server's clock (TIME), unless this user is not allowed to. If steps cannot check the clock, also
     * reads the id of the connection, once. Does not change the end of the lease, see {@link #renew}. No step may be in
     * flight.
     *
     * @param stepsCheckClock whether the reclaim method of the next steps checks the server's clock
     * @throws io.keysweep.engine.link.LinkBrokenException if the connection breaks
     * @throws io.keysweep.engine.link.UnexpectedReplyException if the reply to TIME makes no sense
     */
    void prepare(NodeLink link, boolean stepsCheckClock) {
        receive(request(link), link, stepsCheckClock);
    }

    /**
     * Sends TIME without waiting for the reply, and returns the pending reply, for {@link #receive}; null if this user
     * is not allowed to read the clock.
     */
    NodeLink.@Nullable Sent request(NodeLink link) {
        return isClockForbidden ? null : link.send(List.of(Command.of("TIME")));
    }

    /**
     * Waits for the reply to {@link #request}, and completes what {@link #prepare} does.
     *
     * @param pendingReply the pending reply; null if there is none
     */
    void receive(NodeLink.@Nullable Sent pendingReply, NodeLink link, boolean stepsCheckClock) {
        receiveClock(pendingReply);
        if (!isClientIdRead && !(serverMicros != 0 && stepsCheckClock)) {
            isClientIdRead = true;
            clientId = link.call("CLIENT", "ID") instanceof Reply.Numeric id ? id.value() : 0;
        }
    }

    /**
     * Waits for the reply to {@link #request}, and sends nothing, so that steps may be in flight behind it.
     *
     * @param pendingReply the pending reply; null if there is none
     */
    void receiveClock(NodeLink.@Nullable Sent pendingReply) {
        serverMicros =
                pendingReply == null ? 0 : clock(pendingReply.await().replies().getFirst());
    }

    /** Returns the server's clock in a reply to TIME, µs since 1970, or 0 if the server refuses TIME. */
    private long clock(Reply reply) {
        return switch (reply) {
            case Reply.Items items -> {
                List<Reply> time = items.items(2);
                yield time.get(0).unsigned() * MICROS_PER_SECOND + time.get(1).unsigned();
            }
            case Reply.Failure failure -> {
                // If the command is not allowed, it is not sent again, because each refusal adds an entry to the
                // server's ACL log. Other errors pass, such as BUSY while a script of another client runs.
                isClockForbidden = ServerErrors.isForbidden(failure);
                yield 0;
            }
            default -> 0;
        };
    }

    /**
     * Lets steps start until {@code lease} after the latest reading of the server's clock. If the clock cannot be read,
     * or the steps do not check it, they may start at any time.
     */
    void renew(Duration lease, boolean stepsCheckClock) {
        hasRefusedStep = false;
        notAfterMicros = serverMicros == 0 || !stepsCheckClock ? 0 : serverMicros + lease.toNanos() / 1_000;
    }

    /** Records that the server has refused a step because it came after the end of the lease. */
    void recordRefusal() {
        hasRefusedStep = true;
    }

    /** Returns whether the server has refused a step since the lease was renewed. */
    boolean hasRefusedStep() {
        return hasRefusedStep;
    }

    /** Returns the latest reading of the server's clock, µs since 1970; 0 if it cannot be read. */
    long serverMicros() {
        return serverMicros;
    }

    /**
     * Returns the last moment at which a step may start, µs since 1970 by the server's clock; 0 if steps do not check
     * it.
     */
    long notAfterMicros() {
        return notAfterMicros;
    }

    /** Returns the server's id of the connection; 0 if it was not needed or the server refuses CLIENT ID. */
    long clientId() {
        return clientId;
    }
}
