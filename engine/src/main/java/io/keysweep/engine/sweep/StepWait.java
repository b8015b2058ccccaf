package io.keysweep.engine.sweep;

import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.topology.NodeRefusedException;
import java.time.Duration;

/**
 * Waits between two steps, and takes the checkpoints and probes that become due during the wait.
 *
 * <p>A step is one call that visits keys. Under a low rate ceiling (keys per second) a wait may be long, so checkpoints
 * are taken during it when they are due. A checkpoint passes positions and counts to the listener, and checks the
 * server. Used by the sweep's thread only.
 *
 * @param state the session, the counts and the steps in flight
 * @param limits ends the wait on a cancel and at the deadline
 * @param inFlightSteps receives the steps in flight (sent, and not answered) before another command is sent
 * @param inFlightStatus reads the status for a checkpoint while steps with turns are in flight
 * @param checkpointer takes the checkpoints
 * @param progressReporter knows whether the next checkpoint is due
 * @param paceController knows whether the steps have turns
 * @param loadWatch probes the server after a wait
 * @param checkpointEvery the longest time between two checkpoints
 */
record StepWait(
        SweepState state,
        RunLimits limits,
        InFlightSteps inFlightSteps,
        InFlightStatus inFlightStatus,
        Checkpointer checkpointer,
        ProgressReporter progressReporter,
        PaceController paceController,
        LoadWatch loadWatch,
        Duration checkpointEvery) {

    /**
     * Waits for a time, and takes a checkpoint when one is due or a replica has begun to synchronise. A delay of zero
     * means no wait, but a due checkpoint is still taken. A checkpoint may hold the sweep, so the call may take longer
     * than the delay. A cancel or the deadline ends the wait.
     *
     * @throws NodeRefusedException if a checkpoint finds that the server must no longer be swept
     * @throws LinkBrokenException if the sweep must reconnect
     */
    void waitFor(Duration delay) throws InterruptedException {
        Duration remaining = delay;
        boolean isChecked = false;
        do {
            Duration part = remaining.compareTo(checkpointEvery) > 0 ? checkpointEvery : remaining;
            limits.waitFor(part);
            remaining = remaining.minus(part);
            isChecked |= takeCheckpointIfDue();
        } while (remaining.isPositive() && limits.ending() == null);
        // A probe behind a step in flight would measure the step and not the load from others. After a checkpoint no
        // probe is needed, because the checkpoint has taken one if it needed one.
        if (state.stepsInFlight().isEmpty() && !inFlightStatus.isPending() && !isChecked) {
            loadWatch.probeIfDue(state.session());
        }
    }

    /**
     * Takes a checkpoint if one is due or a replica has begun to synchronise. If the steps have turns, it only asks for
     * the status if possible, and takes the checkpoint in a later call, once the status has been received. So the server
     * is not idle for a round trip.
     *
     * @return whether a checkpoint was taken with no step in flight
     */
    private boolean takeCheckpointIfDue() throws InterruptedException {
        boolean isDue;
        if (inFlightStatus.received() != null) {
            isDue = !checkpointer.takeCheckpointBetweenSteps();
        } else {
            isDue = !inFlightStatus.isPending() && progressReporter.checkpointDue(checkpointEvery);
            if (isDue && paceController.turns().areUsed() && checkpointer.canTakeCheckpointBetweenSteps()) {
                inFlightStatus.request();
                isDue = false;
            }
        }
        if (isDue || receiveAndCheckReplicas()) {
            inFlightSteps.receiveAllBeforeCheckpoint();
            checkpointer.takeCheckpoint();
            return true;
        }
        return false;
    }

    /**
     * Returns whether a replica synchronises now. Asks the server only after many deletions, see {@link LoadWatch}, and
     * first receives all steps in flight, because replies arrive in order.
     */
    private boolean receiveAndCheckReplicas() {
        long reclaimedKeys = state.counts().reclaimed();
        if (!loadWatch.replicaCheckDue(state.session(), reclaimedKeys)) {
            return false;
        }
        inFlightSteps.receiveAll();
        return loadWatch.checkReplicas(state.session(), reclaimedKeys);
    }
}
