package io.keysweep.engine.sweep;

import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import java.time.Duration;
import java.util.List;

/**
 * The step lease is the time, by the server's clock, after which the server must not start a step of this run.
 *
 * <p>It keeps two workers from sweeping the same primary.
 *
 * <p>A step may reach the server late, because this process was frozen with the step already in a socket buffer. By
 * then another worker may own the sweep. A step sent as a script carries the lease and does nothing if it starts too
 * late. Steps of other reclaim methods cannot check the lease.
 *
 * <p>The lease counts from the latest reading of the server's clock, so the two machines' clocks need not agree. If the
 * user may not run TIME, there is no lease. Used by the sweep's thread only.
 */
final class StepLease {

    private boolean clockReadable = true;
    /** The latest reading of the server's clock, µs since 1970; 0 if it cannot be read. */
    private long serverMicros;

    private long notAfterMicros;

    /** Reads the server's clock (TIME), unless the server refused that before. */
    void readServerClock(NodeLink link) {
        if (clockReadable && link.call("TIME") instanceof Reply.Items reply) {
            List<Reply> time = reply.items(2);
            serverMicros = time.get(0).unsigned() * 1_000_000 + time.get(1).unsigned();
        } else {
            // Never again: each refusal adds an entry to the server's ACL log.
            clockReadable = false;
            serverMicros = 0;
        }
    }

    /** Lets steps start until {@code lease} after the latest reading of the server's clock. */
    void renew(Duration lease) {
        notAfterMicros = serverMicros == 0 ? 0 : serverMicros + lease.toNanos() / 1_000;
    }

    /**
     * Returns the last moment at which a step may start, µs since 1970 by the server's clock; 0 if there is no lease.
     */
    long notAfterMicros() {
        return notAfterMicros;
    }
}
