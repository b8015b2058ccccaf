package io.keysweep.engine.sweep;

import io.keysweep.engine.link.LinkBrokenException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Reads the status of a distant server for a checkpoint while steps are in flight, so that the server is never idle.
 *
 * <p>A step is one call that visits keys. The request for the status follows the steps that are in flight, and later
 * steps follow the request. The server runs commands in the order of sending, and replies arrive in this order. So when
 * the status is received, exactly the steps that the server ran before it have been received. The counts and positions
 * of this moment are those of the moment when the server read its status. That is why they can be compared with the
 * status and confirmed, as without steps in flight.
 *
 * <p>{@link #receive} compares and confirms. {@link Checkpointer} then reports the checkpoint, see {@link #received}.
 * Used by the sweep's thread only.
 */
final class InFlightStatus {

    private final SweepState state;
    private final ReclaimWatch reclaimWatch;
    private final Timing timing;

    /** The session of which the status was requested, and not received yet; null if there is none. */
    private @Nullable Session pendingIn;

    /** When the status was requested, ns by {@link Timing#nanoTime}. */
    private long requestedAt;

    /** The number of steps that were sent after the request. */
    private int stepsBehind;

    /** The status that was received, and for which no checkpoint was taken yet; null if there is none. */
    private @Nullable Received received;

    /**
     * Holds a received status.
     *
     * @param session the session that received it
     * @param check the result of the check of the server
     * @param isSound whether the check has confirmed the positions. If not, the steps since the last confirmed positions
     *     must be repeated
     */
    record Received(Session session, ReclaimWatch.Check check, boolean isSound) {}

    InFlightStatus(SweepState state, ReclaimWatch reclaimWatch, Timing timing) {
        this.state = state;
        this.reclaimWatch = reclaimWatch;
        this.timing = timing;
    }

    /** Sends the request for the status behind the steps in flight. No earlier request may be pending. */
    void request() {
        pendingIn = state.session();
        requestedAt = timing.nanoTime().getAsLong();
        stepsBehind = 0;
        state.session().requestStatus();
    }

    /** Returns whether the status was requested on the current connection, and not received yet. */
    boolean isPending() {
        return pendingIn == state.session();
    }

    /** Records that a step was sent. */
    void recordStepSent() {
        stepsBehind++;
    }

    /** Returns whether the next reply on the connection is the status, because all steps before it were received. */
    boolean isNext() {
        return isPending() && state.stepsInFlight().size() <= stepsBehind;
    }

    /** Returns the time since the status was requested. */
    Duration age() {
        return timing.since(requestedAt);
    }

    /**
     * Waits for the status, which must be the next reply. Compares the server's counter of expired keys with the counts,
     * and confirms the positions if the server was able to reclaim.
     *
     * @throws LinkBrokenException if the connection breaks, or if the server was a replica since it was inspected
     */
    void receive() {
        Session session = state.session();
        pendingIn = null;
        ReclaimWatch.Check check = reclaimWatch.checkRequestedStatus();
        // A swap of databases moves keys from where the positions say that they were visited.
        boolean isSound = check.confirmsPositions()
                && !SwapWatch.swappedSince(session.inspection(), check.status().info());
        if (isSound) {
            state.plan().confirm();
        }
        received = new Received(session, check, isSound);
    }

    /** Returns the status for which a checkpoint must still be taken; null if there is none. */
    @Nullable Received received() {
        return received != null && received.session() == state.session() ? received : null;
    }

    /** Forgets the received status, since a checkpoint was taken for it. */
    void forgetReceived() {
        received = null;
    }
}
