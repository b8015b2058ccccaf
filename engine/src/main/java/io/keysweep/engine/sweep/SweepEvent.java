package io.keysweep.engine.sweep;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.plan.Checkpoint;

/** An event reports to a {@link SweepListener} what happens during a sweep. */
public sealed interface SweepEvent {

    /** Reports that the primary has been inspected and the plan made, before the first step. Once a run. */
    record Started(PrimarySummary summary) implements SweepEvent {}

    /** Reports new counts, at most ten times a second. */
    record Progressed(SweepProgress progress) implements SweepEvent {}

    /**
     * Reports a point to resume from, whose counts include all steps so far. At least every {@link
     * SweepRequest#checkpointEvery()}, but not during a hold.
     */
    record Checkpointed(Checkpoint checkpoint) implements SweepEvent {}

    /**
     * Reports that the sweep waits for something other than its pace, or that the reason has changed.
     *
     * @param reason a short sentence for the user, for example {@code reconnecting: connection broke}
     */
    record HoldBegan(String reason) implements SweepEvent {}

    /**
     * Reports that the pace was changed.
     *
     * @param pace the new pace
     * @param intervention who changed it, and why
     */
    record Retuned(PacePolicy pace, SweepControl.Intervention intervention) implements SweepEvent {}

    /** Reports that the hold is over. */
    record HoldEnded() implements SweepEvent {}

    /** Reports the end of a sweep that was completed, timed out or cancelled. Always the last event. */
    record Finished(SweepReport report) implements SweepEvent {}
}
