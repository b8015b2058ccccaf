package io.keysweep.engine.sweep;

import io.keysweep.engine.plan.Checkpoint;
import java.time.Duration;

/**
 * Reports the progress and the checkpoints of one run to the sweep's listener, and enforces the step lease.
 *
 * <p><b>The step lease.</b> Another worker may take a sweep over if this process stops reporting checkpoints, for
 * example because it was frozen. The listener then throws at the next checkpoint. A process that wakes up must do
 * nothing before that. A step may therefore start only within a fixed time after the latest checkpoint, the lease. The
 * loop of the sweep checks the lease before it sends a step, and {@link StepLease} has the server refuse a step that
 * arrives later.
 *
 * <p>Used by the sweep's thread only.
 */
final class ProgressReporter {

    private static final Duration PROGRESS_EVERY = Duration.ofMillis(100);

    private final Timing timing;
    private final SweepListener listener;
    private final SweepState state;
    private final PaceController paceController;
    private final SlotWatch slotWatch;
    private final ProgressMeter progressMeter;
    private final long began;
    private final Duration stepLease;
    private long lastCheckpointAt;
    private long lastProgressAt;

    /**
     * @param began when the run began, by {@link Timing#nanoTime}
     * @param stepLease for how long after a checkpoint steps may start
     */
    ProgressReporter(
            Timing timing,
            SweepListener listener,
            SweepState state,
            PaceController paceController,
            SlotWatch slotWatch,
            ProgressMeter progressMeter,
            long began,
            Duration stepLease) {
        this.timing = timing;
        this.listener = listener;
        this.state = state;
        this.paceController = paceController;
        this.slotWatch = slotWatch;
        this.progressMeter = progressMeter;
        this.began = began;
        this.stepLease = stepLease;
        lastCheckpointAt = began;
        lastProgressAt = began;
    }

    /** Returns the time since the run began. */
    Duration elapsed() {
        return timing.since(began);
    }

    /** Reports the progress if the last report is at least 100 ms old. */
    void reportProgressIfDue() {
        if (timing.since(lastProgressAt).compareTo(PROGRESS_EVERY) >= 0) {
            reportProgress();
        }
    }

    /** Reports the progress. */
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
                paceController.slowedBy())));
    }

    /**
     * Returns whether the step lease has expired. If so, a checkpoint must be reported before the next step is sent.
     */
    boolean stepLeaseExpired() {
        return checkpointDue(stepLease);
    }

    /**
     * Has the server refuse steps that start after the step lease has expired. Must also be called for a new session.
     */
    void renewStepLease() {
        state.session().renewStepLease(stepLease.minus(timing.since(lastCheckpointAt)));
    }

    /** Returns whether the last checkpoint is at least {@code interval} old. */
    boolean checkpointDue(Duration interval) {
        return timing.since(lastCheckpointAt).compareTo(interval) >= 0;
    }

    /**
     * Reports a checkpoint and renews the step lease.
     *
     * @param stepsMayFollow whether steps may run after this checkpoint without being part of a later one. A run that
     *     resumes from this checkpoint must then find out what those steps reclaimed.
     */
    void reportCheckpoint(boolean stepsMayFollow) {
        lastCheckpointAt = timing.nanoTime().getAsLong();
        SweepCounts counts = state.counts();
        ServerInspection inspection = state.session().inspection();
        Checkpoint checkpoint = new Checkpoint(
                state.nodeId(),
                inspection.replicationIdentity(),
                counts.visited(),
                counts.reclaimed(),
                state.exact(),
                !counts.otherExpirySeen(),
                stepsMayFollow,
                counts.expectedServerCounter(),
                slotWatch.held(),
                slotWatch.epoch(),
                progressMeter.updateFraction(state.plan().fraction()),
                state.plan().confirmed());
        listener.onEvent(new SweepEvent.Checkpointed(checkpoint, counts.databases()));
        renewStepLease();
    }
}
