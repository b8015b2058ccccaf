package io.keysweep.engine.sweep;

import io.keysweep.engine.plan.Checkpoint;
import java.time.Duration;

/** Tells how far a run has come: its progress, and checkpoints. Used by the sweep's thread. */
final class ProgressReporter {

    private static final Duration PROGRESS_EVERY = Duration.ofMillis(100);

    private final Timing timing;
    private final SweepListener listener;
    private final SweepState state;
    private final PaceController paceController;
    private final SlotWatch slots;
    private final ProgressMeter meter;
    private final long began;
    private final Duration lease;
    private long lastCheckpoint;
    private long lastProgress;

    /**
     * Tells of one run.
     *
     * @param began when the run began, by the timing's own count of nanoseconds
     * @param lease for how long after a checkpoint steps may begin
     */
    ProgressReporter(
            Timing timing,
            SweepListener listener,
            SweepState state,
            PaceController paceController,
            SlotWatch slots,
            ProgressMeter meter,
            long began,
            Duration lease) {
        this.timing = timing;
        this.listener = listener;
        this.state = state;
        this.paceController = paceController;
        this.slots = slots;
        this.meter = meter;
        this.began = began;
        this.lease = lease;
        lastCheckpoint = began;
        lastProgress = began;
    }

    /** The time since the run began. */
    Duration elapsed() {
        return timing.since(began);
    }

    /** Tells the progress, if it is time. */
    void progressIfDue() {
        if (timing.since(lastProgress).compareTo(PROGRESS_EVERY) >= 0) {
            progress();
        }
    }

    /** Tells the progress. */
    void progress() {
        lastProgress = timing.nanoTime().getAsLong();
        SweepCounts counts = state.counts();
        listener.onEvent(new SweepEvent.Progressed(new SweepProgress(
                counts.visited(),
                counts.reclaimed(),
                meter.fraction(state.plan().fraction()),
                paceController.count(),
                counts.longestStall(),
                elapsed(),
                meter.remaining(),
                paceController.share(),
                paceController.slowedBy())));
    }

    /**
     * Whether no step is to begin before another checkpoint is told: whoever hears of them may have taken this sweep for
     * dead meanwhile, as the process was frozen, and then ends it there.
     */
    boolean leaseOver() {
        return checkpointDue(lease);
    }

    /** Has the server keep to the same with steps that are late on their way; to be called for a new session too. */
    void leaseSteps() {
        state.session().leaseSteps(lease.minus(timing.since(lastCheckpoint)));
    }

    /** Whether the last checkpoint was told so long ago. */
    boolean checkpointDue(Duration every) {
        return timing.since(lastCheckpoint).compareTo(every) >= 0;
    }

    /**
     * Tells a checkpoint.
     *
     * @param stepsMayFollow whether what comes after it may be in doubt
     */
    void checkpoint(boolean stepsMayFollow) {
        lastCheckpoint = timing.nanoTime().getAsLong();
        SweepCounts counts = state.counts();
        ServerInspection serverInspection = state.session().serverInspection();
        listener.onEvent(new SweepEvent.Checkpointed(new Checkpoint(
                state.nodeId(),
                serverInspection.replicationIdentity(),
                counts.visited(),
                counts.reclaimed(),
                state.exact(),
                !counts.otherExpirySeen(),
                stepsMayFollow,
                counts.expiredKeys(),
                slots.held(),
                slots.epoch(),
                meter.fraction(state.plan().fraction()),
                state.plan().confirmed())));
        leaseSteps();
    }
}
