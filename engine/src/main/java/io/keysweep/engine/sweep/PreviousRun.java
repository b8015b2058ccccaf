package io.keysweep.engine.sweep;

import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.plan.UncountedSteps;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;

/**
 * Represents the run before this one, and counts the keys that it reclaimed after its last checkpoint.
 *
 * <p>A run is the work of one process on a sweep. A checkpoint stores the positions and counts from which a later run
 * continues. Steps (calls that visit keys) after the last checkpoint are <i>uncertain</i>: the server may have run
 * them, but the earlier run ended before it stored their counts. A run that resumes the sweep first settles them: it
 * finds out how many keys they reclaimed.
 *
 * <p>The server counts expired keys ({@code expired_keys} of INFO). Since the checkpoint, this counter has grown by the
 * keys that the uncertain steps reclaimed, and by the keys that others expired. Others are the server's own expiry
 * cycle, and clients that access dead keys. This class works in three parts:
 *
 * <ol>
 * <li>It makes sure that no uncertain step can still run, see {@link EarlierSteps}.
 * <li>If the counter has changed, it watches the counter for 300 ms while the sweep sends no step. A change during that
 * time shows that others expire keys.
 * <li>{@link SweepCounts} decides how much of the growth belongs to the uncertain steps, and whether the count of the
 * sweep is still exact.
 * </ol>
 *
 * @param checkpoint the last checkpoint of the earlier run
 * @param continuity checks whether the server still has the data of the earlier run
 */
record PreviousRun(Checkpoint checkpoint, ContinuityCheck continuity) {

    /**
     * The number of waits of 50 ms each, together 300 ms. By default the server's expiry cycle runs ten times per
     * second, so three cycles run in this time.
     */
    private static final int WAITS_FOR_OTHER_EXPIRY = 6;

    /**
     * Settles the uncertain steps, before the run sends its first step. Afterwards, records whether reclaimed keys may
     * exist again, because the server of the checkpoint was replaced (failover or restart), see {@link DeletionPoint}.
     *
     * <p>An earlier run that ended normally has left no uncertain step. Otherwise the call may wait some seconds until
     * the steps can no longer run. If the connection breaks, the call opens a new session and tries once more. If the
     * call throws an exception, the count of the sweep becomes an estimate.
     *
     * @param state the session and the counts of the current run; receives the new session if the connection breaks
     * @return false if the connection broke, and the server has since restarted, been a replica or swapped databases,
     *     so that the positions of the sweep are no longer valid
     * @throws NodeRefusedException if the server stays unreachable, can no longer be swept, or breaks the connection
     *     again, or if the run is cancelled or times out during the reconnect
     */
    boolean settleUncertainSteps(SweepState state, SessionOpener opener, RunLimits limits) throws InterruptedException {
        boolean isSettled = false;
        try {
            boolean positionsValid = settleInTwoTries(state, opener, limits);
            // This check comes after settling, because keys that the uncertain steps reclaimed may also have returned.
            continuity.recordReturnedKeys(
                    state, checkpoint.replicationIdentity(), checkpoint.nodeId(), state.session());
            isSettled = true;
            return positionsValid;
        } finally {
            if (!isSettled) {
                // The next checkpoint of this run will say that no step is uncertain, so no later run would count these
                // steps.
                state.counts().loseUncertainSteps(ExpiryReading.NONE);
            }
        }
    }

    /**
     * Settles the uncertain steps, over a second connection if the first connection breaks. Returns whether the
     * positions of the sweep are still valid on the server that now answers.
     */
    private boolean settleInTwoTries(SweepState state, SessionOpener opener, RunLimits limits)
            throws InterruptedException {
        try {
            settle(state, limits);
            // The caller has already checked that the positions are valid in this session.
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
                    inspectionBefore.replicationIdentity(), state.session().inspection());
        }
    }

    /** Watches the server for 300 ms while the sweep does nothing, and returns whether its reading changes. */
    private static boolean changesWhileWatched(Session session, ExpiryReading earlierReading, RunLimits limits)
            throws InterruptedException {
        for (int i = 0; i < WAITS_FOR_OTHER_EXPIRY; i++) {
            limits.waitBriefly();
        }
        return !session.expiryReading(session.readStatus()).equals(earlierReading);
    }

    /** Settles the uncertain steps by the growth of the server's counter, over the current session. */
    private void settle(SweepState state, RunLimits limits) throws InterruptedException {
        UncountedSteps uncountedSteps = checkpoint.uncounted();
        if (uncountedSteps == null) {
            // The earlier run ended normally, so all its steps are counted. If the counter grew, others expired keys.
            return;
        }
        Session session = state.session();
        SweepCounts counts = state.counts();
        // A restarted server counts from zero, so its counter does not include the uncertain steps.
        if (session.inspection().isOtherProcessThan(checkpoint.replicationIdentity())) {
            counts.loseUncertainSteps(session.expiryReading(session.inspection().status()));
            return;
        }

        boolean stepsEnded = EarlierSteps.of(uncountedSteps).end(session, limits);
        // The counter must be read after the steps have ended; the inspection may be older than the last of them.
        ExpiryReading readingNow = session.expiryReading(session.readStatus());
        // Traces are values of INFO that change when clients or the server's expiry cycle expire keys.
        boolean othersUnseen = !counts.otherExpirySeen() && readingNow.traces().equals(uncountedSteps.traces());

        // If the counter is unchanged, neither the steps nor others have expired a key, so there is nothing to watch.
        if (readingNow.counter().isEmpty() || readingNow.counter().getAsLong() != checkpoint.expiredKeys()) {
            boolean changesWhileWatched = changesWhileWatched(session, readingNow, limits);
            // The change proves that others expire keys only if no uncertain step can still run. Otherwise such a step
            // may have caused the change.
            othersUnseen &= !stepsEnded || !changesWhileWatched;
        }

        counts.settleUncertainSteps(
                /* db= */ null,
                checkpoint.expiredKeys(),
                readingNow,
                new SweepCounts.Settlement(uncountedSteps.atMost(), uncountedSteps.likely(), othersUnseen, stepsEnded));
    }
}
