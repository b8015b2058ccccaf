package io.keysweep.engine.sweep;

import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * The run that a checkpoint was left by, and what its steps after that checkpoint have reclaimed.
 *
 * @param checkpoint its last
 * @param checkpointEvery longest time between two checkpoints of it
 */
record PreviousRun(Checkpoint checkpoint, Duration checkpointEvery) {

    /** Other expiry by the server's own cycle shows within this time: it runs ten times a second by default. */
    private static final Duration QUIET_WATCH = Duration.ofMillis(300);

    /**
     * Counts what is in doubt; once more if the connection breaks meanwhile. Where it cannot be settled at all, what was
     * counted is an estimate.
     *
     * @throws NodeRefusedException if the server stays away or can be swept no more
     */
    void settle(SweepState state, SessionOpener opener, RunLimits limits) throws InterruptedException {
        boolean settled = false;
        try {
            settleInTwoTries(state, opener, limits);
            settled = true;
        } finally {
            if (!settled) {
                state.counts().lose(OptionalLong.empty());
            }
        }
    }

    private void settleInTwoTries(SweepState state, SessionOpener opener, RunLimits limits)
            throws InterruptedException {
        try {
            settle(state, limits);
        } catch (LinkBrokenException e) {
            ServerInspection seen = state.session().serverInspection();
            state.session().close();
            state.session(opener.patiently());
            try {
                if (Recovery.keepsCursors(
                        opener.locator(),
                        seen.replicationIdentity(),
                        state.session().serverInspection())) {
                    settle(state, limits);
                    return;
                }
            } catch (LinkBrokenException again) {
                e.addSuppressed(again);
            }
            throw new NodeRefusedException(
                    state.nodeId(),
                    Reason.UNREACHABLE,
                    state.nodeId() + " is unreachable again and again: " + e.getMessage());
        }
    }

    private void settle(SweepState state, RunLimits limits) throws InterruptedException {
        if (!checkpoint.stepsMayFollow()) {
            // Nothing is in doubt: whatever the counter has grown by since, others have reclaimed.
            return;
        }
        Session session = state.session();
        OptionalLong expired = session.serverInspection().serverStatus().expired();
        if (session.serverInspection().otherProcessThan(checkpoint.replicationIdentity())) {
            state.counts().lose(expired);
            return;
        }
        if (expired.isPresent() && expired.getAsLong() == checkpoint.expiredKeys()) {
            return;
        }
        // Steps are in doubt. If nothing else expires keys, the counter tells what they have reclaimed.
        limits.rest(QUIET_WATCH);
        boolean quiet = session.serverStatus().expired().equals(expired);
        // Others may have reclaimed while nobody watched: more than the sweep can have done is not ours.
        long bound = UncertainSteps.since(checkpoint, checkpointEvery);
        state.counts().settle(null, checkpoint.expiredKeys(), expired, bound, quiet);
    }
}
