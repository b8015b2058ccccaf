package io.keysweep.engine.sweep;

import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.plan.UncountedSteps;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;

/**
 * Counts what an earlier run of the sweep reclaimed after its last checkpoint, in steps that the checkpoint does not
 * include.
 *
 * <p>A run is the work of one process on a sweep. A checkpoint holds the positions and counts from which the next run
 * continues. The steps (SCAN calls) after the last one are <i>uncertain</i>: the earlier run broke off before it stored
 * their counts. A run that resumes the sweep settles them first.
 *
 * <p>The server's counter of expired keys has grown since that checkpoint by what these steps reclaimed and by what
 * others expired, see {@link SweepCounts}. First, this class makes sure that none of these steps can run any more, see
 * {@link EarlierSteps}. If the counter has changed, the class then watches it for 300 ms while the sweep does nothing,
 * to learn whether others expire keys.
 *
 * @param checkpoint the last checkpoint of the earlier run
 * @param continuity checks whether the server still has the data of the earlier run
 */
record PreviousRun(Checkpoint checkpoint, ContinuityCheck continuity) {

    /** Waits of 50 ms; long enough for three rounds of the server's expiry cycle, which runs ten times a second. */
    private static final int WAITS_FOR_OTHER_EXPIRY = 6;

    /**
     * Counts the uncertain steps, before the run sends its first step. There are none if the earlier run ended in good
     * order. Otherwise the call may wait some seconds for the end of the steps. If the connection breaks, the call
     * opens a new session and tries a second time. If the call throws an exception, the count of the sweep has become
     * an estimate. Then records that keys may be back if the server has been replaced since the checkpoint, see
     * {@link DeletionPoint}.
     *
     * @param state the session and the counts of the present run; receives the new session if the connection breaks
     * @return false if the connection broke, and the server has since restarted, been a replica or swapped databases,
     *     so that the positions of the sweep are no longer valid
     * @throws NodeRefusedException if the server stays unreachable, can no longer be swept, or breaks the connection
     *     again, or if the run is cancelled or times out during the reconnect
     */
    boolean settleUncertainSteps(SweepState state, SessionOpener opener, RunLimits limits) throws InterruptedException {
        boolean isSettled = false;
        try {
            boolean positionsValid = settleInTwoTries(state, opener, limits);
            // After the uncertain steps: what they have reclaimed may be back, too.
            continuity.recordReturnedKeys(
                    state, checkpoint.replicationIdentity(), checkpoint.nodeId(), state.session());
            isSettled = true;
            return positionsValid;
        } finally {
            if (!isSettled) {
                // The last checkpoint of this run says that no step is left, so no later run would count these steps.
                state.counts().loseUncertainSteps(ExpiryReading.NONE);
            }
        }
    }

    /**
     * Counts the uncertain steps, over a second connection if the first one breaks. Returns whether the positions are
     * still valid on the server at the other end of the connection.
     */
    private boolean settleInTwoTries(SweepState state, SessionOpener opener, RunLimits limits)
            throws InterruptedException {
        try {
            settle(state, limits);
            // The caller has compared the positions with this session.
            return true;
        } catch (LinkBrokenException e) {
            ServerInspection inspectionBefore = state.session().inspection();
            state.session().close();
            state.replaceSession(opener.openPatiently());
            try {
                settle(state, limits);
            } catch (LinkBrokenException secondFailure) {
                e.addSuppressed(secondFailure);
                throw new NodeRefusedException(
                        state.nodeId(),
                        Reason.UNREACHABLE,
                        state.nodeId() + " broke the connection repeatedly: " + e.getMessage());
            }
            return continuity.positionsStillValid(
                    inspectionBefore.replicationIdentity(),
                    state.session().inspection());
        }
    }

    /** Watches the server for 300 ms while the sweep does nothing, and returns whether its reading changes. */
    private static boolean changesWhileWatched(Session session, ExpiryReading before, RunLimits limits)
            throws InterruptedException {
        for (int i = 0; i < WAITS_FOR_OTHER_EXPIRY; i++) {
            limits.waitBriefly();
        }
        return !session.expiryReading(session.readStatus()).equals(before);
    }

    /** Counts the uncertain steps by the growth of the server's counter, over the present session. */
    private void settle(SweepState state, RunLimits limits) throws InterruptedException {
        UncountedSteps uncounted = checkpoint.uncounted();
        if (uncounted == null) {
            // The earlier run ended in good order and has no uncertain step. If the counter grew, others expired keys.
            return;
        }
        Session session = state.session();
        SweepCounts counts = state.counts();
        // A new process counts from zero, so its counter shows nothing of the earlier steps.
        if (session.inspection().isOtherProcessThan(checkpoint.replicationIdentity())) {
            counts.loseUncertainSteps(session.expiryReading(session.inspection().status()));
            return;
        }
        boolean stepsEnded = EarlierSteps.of(uncounted).end(session, limits);
        // Read after the steps have ended: the inspection may be older than the last of them.
        ExpiryReading readingNow = session.expiryReading(session.readStatus());
        boolean othersUnseen = !counts.otherExpirySeen() && readingNow.traces().equals(uncounted.traces());
        // An unchanged counter needs no watch: neither the steps nor others have expired a key.
        if (readingNow.counter().isEmpty() || readingNow.counter().getAsLong() != checkpoint.expiredKeys()) {
            boolean changesWhileWatched = changesWhileWatched(session, readingNow, limits);
            // Steps that could not be ended may still run, so a change during the watch does not show that others
            // expire.
            othersUnseen &= !stepsEnded || !changesWhileWatched;
        }
        counts.settleUncertainSteps(
                /* db= */ null,
                checkpoint.expiredKeys(),
                readingNow,
                new SweepCounts.Settlement(uncounted.atMost(), uncounted.likely(), othersUnseen, stepsEnded));
    }
}
