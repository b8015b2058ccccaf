package io.keysweep.engine.sweep;

import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * Counts what an earlier run of the sweep reclaimed after its last checkpoint, in steps that the checkpoint does not
 * include.
 *
 * <p>Those steps are <i>uncertain</i>: the earlier run broke off before it stored their counts. A run that resumes the
 * sweep settles them first.
 *
 * <p>The server's counter of expired keys has grown since that checkpoint by what these steps reclaimed and by what
 * others expired, see {@link SweepCounts}. To learn whether others expire keys, this class watches the counter for 300
 * ms while the sweep does nothing.
 *
 * @param checkpoint the last checkpoint of the earlier run
 * @param checkpointEvery the longest time between two checkpoints of the earlier run
 */
record PreviousRun(Checkpoint checkpoint, Duration checkpointEvery) {

    /** Long enough for three rounds of the server's expiry cycle, which runs ten times a second by default. */
    private static final Duration WATCH_FOR_OTHER_EXPIRY = Duration.ofMillis(300);

    /**
     * Counts the uncertain steps. If the connection breaks, the call reconnects and tries a second time. If that fails
     * too, the count of the sweep becomes an estimate.
     *
     * @throws NodeRefusedException if the server stays unreachable or can no longer be swept
     */
    void settleUncertainSteps(SweepState state, SessionOpener opener, RunLimits limits) throws InterruptedException {
        boolean settled = false;
        try {
            settleInTwoTries(state, opener, limits);
            settled = true;
        } finally {
            if (!settled) {
                state.counts().loseUncertainSteps(OptionalLong.empty());
            }
        }
    }

    private void settleInTwoTries(SweepState state, SessionOpener opener, RunLimits limits)
            throws InterruptedException {
        try {
            settle(state, limits);
        } catch (LinkBrokenException e) {
            ServerInspection before = state.session().inspection();
            state.session().close();
            state.replaceSession(opener.openPatiently());
            try {
                if (Recovery.positionsStillValid(
                        opener.locator(),
                        before.replicationIdentity(),
                        state.session().inspection())) {
                    settle(state, limits);
                    return;
                }
            } catch (LinkBrokenException second) {
                e.addSuppressed(second);
            }
            throw new NodeRefusedException(
                    state.nodeId(),
                    Reason.UNREACHABLE,
                    state.nodeId() + " broke the connection repeatedly: " + e.getMessage());
        }
    }

    private void settle(SweepState state, RunLimits limits) throws InterruptedException {
        if (!checkpoint.stepsMayFollow()) {
            // The earlier run ended in good order and has no uncertain step. If the counter grew, others expired keys.
            return;
        }
        Session session = state.session();
        OptionalLong expired = session.inspection().status().expiredKeys();
        // A new process counts from zero, so its counter shows nothing of the earlier steps.
        if (session.inspection().isOtherProcessThan(checkpoint.replicationIdentity())) {
            state.counts().loseUncertainSteps(expired);
            return;
        }
        // The counter has not grown, so the uncertain steps have reclaimed nothing.
        if (expired.isPresent() && expired.getAsLong() == checkpoint.expiredKeys()) {
            return;
        }
        limits.waitFor(WATCH_FOR_OTHER_EXPIRY);
        boolean quiet = session.readStatus().expiredKeys().equals(expired);
        // Others may have expired keys between the two runs, so the uncertain steps are credited with no more keys than
        // they can have reclaimed.
        long bound = UncertainSteps.maxReclaimedSince(checkpoint, checkpointEvery);
        state.counts().settleUncertainSteps(null, checkpoint.expiredKeys(), expired, bound, quiet);
    }
}
