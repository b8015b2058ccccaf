package io.keysweep.engine.sweep;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.plan.UncountedSteps;
import io.keysweep.engine.reclaim.ReclaimMethod;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Reports the progress and the checkpoints of one run to the sweep's listener, and enforces the step lease.
 *
 * <p>A run is the work of one process on the sweep. A checkpoint stores the positions and counts from which a later run
 * continues.
 *
 * <p><b>The step lease.</b> Another worker may take a sweep over if this process stops reporting checkpoints, for
 * example because it was frozen. The listener then throws an exception at the next checkpoint, which ends the run. A
 * process that wakes up must send no step before that checkpoint. A step (a call that visits keys) may therefore start
 * only within a fixed time after the latest checkpoint, the lease. The loop of the sweep checks the lease before it
 * sends a step, and {@link StepLease} makes the server refuse a step that arrives later.
 *
 * <p>Used by the sweep's thread only.
 */
final class ProgressReporter {

    /** The shortest time between two reports of the progress. */
    private static final Duration PROGRESS_EVERY = Duration.ofMillis(100);

    private final Timing timing;
    private final SweepListener listener;
    private final SweepState state;
    private final PaceController paceController;
    private final SlotWatch slotWatch;
    private final ProgressMeter progressMeter;

    /** When the run began, ns by {@link Timing#nanoTime}. */
    private final long runBeganAt;

    private final Duration checkpointEvery;

    /** The time after a checkpoint within which a step may start. */
    private final Duration stepLease;

    /** When the last checkpoint was reported, ns by {@link Timing#nanoTime}. */
    private long lastCheckpointAt;

    /** When the progress was last reported, ns by {@link Timing#nanoTime}. */
    private long lastProgressAt;

    /** The number of reclaimed keys at the last checkpoint that steps may follow. */
    private long reclaimedAtCheckpoint;

    /** The steps that may follow the last checkpoint, as that checkpoint describes them; null if none may follow. */
    private @Nullable UncountedSteps lastUncountedSteps;

    /** Whether this run has reported that the count has become an estimate. */
    private boolean isEstimateReported;

    /** The conditions under which steps may follow the last checkpoint; null if none may follow. */
    private @Nullable StepConditions permittedConditions;

    /**
     * Holds the conditions under which steps may follow a checkpoint. The checkpoint describes only steps under these
     * conditions.
     *
     * @param session the connection that sends the steps
     * @param method the reclaim method of the steps
     * @param pace the pace of the steps
     */
    private record StepConditions(Session session, ReclaimMethod method, PacePolicy pace) {}

    /**
     * Creates a reporter for one run.
     *
     * @param runBeganAt when the run began, ns by {@link Timing#nanoTime}
     * @param checkpointEvery the longest time between two checkpoints
     */
    ProgressReporter(
            Timing timing,
            SweepListener listener,
            SweepState state,
            PaceController paceController,
            SlotWatch slotWatch,
            ProgressMeter progressMeter,
            long runBeganAt,
            Duration checkpointEvery) {
        this.timing = timing;
        this.listener = listener;
        this.state = state;
        this.paceController = paceController;
        this.slotWatch = slotWatch;
        this.progressMeter = progressMeter;
        this.runBeganAt = runBeganAt;
        this.checkpointEvery = checkpointEvery;
        this.stepLease = StepLease.after(checkpointEvery);
        this.reclaimedAtCheckpoint = state.counts().reclaimed();
        lastCheckpointAt = runBeganAt;
        lastProgressAt = runBeganAt;
    }

    /** Returns the time since the run began. */
    Duration elapsed() {
        return timing.since(runBeganAt);
    }

    /** Reports the progress if the last report is at least 100 ms old. */
    void reportProgressIfDue() {
        if (timing.since(lastProgressAt).compareTo(PROGRESS_EVERY) >= 0) {
            reportProgress();
        }
    }

    /** Reports the progress, even if the last report is less than 100 ms old. */
    void reportProgress() {
        lastProgressAt = timing.nanoTime().getAsLong();
        SweepCounts counts = state.counts();
        listener.onEvent(new SweepEvent.Progressed(new SweepProgress(
                counts.visited(),
                counts.reclaimed(),
                progressMeter.updateFraction(state.plan().fraction()),
                paceController.count(),
                counts.longestStall(),
                elapsed(),
                progressMeter.remaining(),
                paceController.share(),
                paceController.slowedBy(),
                state.stepTimes().read(),
                paceController.callersWait())));
    }

    /**
     * Returns whether a checkpoint must be reported before the next step is sent; false if every database is covered.
     * The reasons are:
     *
     * <ul>
     * <li>the step lease has expired by the clock of this process or of the server
     * <li>no step may follow the last checkpoint
     * <li>the session, the reclaim method or the pace has changed since the last checkpoint
     * </ul>
     */
    boolean checkpointNeeded() {
        // If every database is covered, there is no step to send.
        return state.plan().current() != null
                && (!stepConditions().equals(permittedConditions)
                        || state.session().hasRefusedStep()
                        || checkpointDue(stepLease));
    }

    private StepConditions stepConditions() {
        Session session = state.session();
        return new StepConditions(session, session.inspection().method(), paceController.policy());
    }

    /** Returns whether the last checkpoint is at least {@code interval} old. */
    boolean checkpointDue(Duration interval) {
        return timing.since(lastCheckpointAt).compareTo(interval) >= 0;
    }

    /**
     * Reports a checkpoint that steps may follow, and renews the step lease. The checkpoint describes these steps, so
     * that a later run can find out how many keys they have reclaimed if this process ends. Steps in flight under the
     * same conditions belong to these steps.
     */
    void reportCheckpoint() {
        Session session = state.session();
        session.renewStepLease(stepLease);
        paceController.planTurns(session);
        SweepCounts counts = state.counts();
        permittedConditions = stepConditions();
        sendCheckpoint(new UncountedSteps(
                paceController.maxReclaimedAfterCheckpoint(checkpointEvery)
                        + UncertainSteps.maxReclaimedBy(state.stepsInFlight()),
                likelyReclaimed(),
                session.stepNotAfterMicros(),
                session.clientId(),
                counts.traces()));
        reclaimedAtCheckpoint = counts.reclaimed();
    }

    /**
     * Reports a checkpoint that no step may follow, unless the last checkpoint is already of this kind. Called at the
     * start of a hold. If the process ends during the hold, the run that continues the sweep then knows that others
     * expired the keys of that time.
     */
    void excludeSteps() {
        if (permittedConditions != null) {
            reportCheckpointWithoutSteps();
        }
    }

    /**
     * Estimates how many keys the steps until the next checkpoint will reclaim: as many as the steps since the last
     * checkpoint. If the last checkpoint is more recent than usual, few steps have followed it. Then the estimate in
     * that checkpoint is used if it is higher.
     */
    private long likelyReclaimed() {
        long reclaimedSinceCheckpoint = state.counts().reclaimed() - reclaimedAtCheckpoint;
        return lastUncountedSteps == null || checkpointDue(checkpointEvery)
                ? reclaimedSinceCheckpoint
                : Math.max(reclaimedSinceCheckpoint, lastUncountedSteps.likely());
    }

    /**
     * Reports a checkpoint that no step may follow, at the end of a run and at the start of a hold. If steps are still
     * in flight, their connection is broken and they are uncertain. This checkpoint then repeats the last checkpoint's
     * description of them.
     */
    void reportCheckpointWithoutSteps() {
        permittedConditions = null;
        sendCheckpoint(state.stepsInFlight().isEmpty() ? null : lastUncountedSteps);
    }

    /**
     * Passes a checkpoint to the listener.
     *
     * @param uncounted the steps that may follow the checkpoint or are in flight; null for none
     */
    private void sendCheckpoint(@Nullable UncountedSteps uncounted) {
        lastUncountedSteps = uncounted;
        lastCheckpointAt = timing.nanoTime().getAsLong();
        SweepCounts counts = state.counts();
        reportEstimate(counts);
        ServerInspection inspection = state.session().inspection();
        Checkpoint checkpoint = new Checkpoint(
                state.nodeId(),
                inspection.replicationIdentity(),
                counts.visited(),
                counts.reclaimed(),
                state.exact(),
                !counts.otherExpirySeen(),
                uncounted,
                counts.expectedServerCounter(),
                state.deletionPoint().after(counts.reclaimed()),
                slotWatch.heldSlots(),
                slotWatch.epoch(),
                progressMeter.updateFraction(state.plan().fraction()),
                state.plan().confirmedPositions());
        listener.onEvent(new SweepEvent.Checkpointed(checkpoint, counts.databases()));
    }

    /** Reports, once per run, that the count has become an estimate. */
    private void reportEstimate(SweepCounts counts) {
        String reason = counts.estimateReason();
        if (reason != null && !isEstimateReported) {
            isEstimateReported = true;
            listener.onEvent(new SweepEvent.Estimated(reason));
        }
    }
}
