package io.keysweep.engine.sweep;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.plan.Checkpoint;

/** What happens during a sweep. */
public sealed interface SweepEvent {

    /** The primary has been inspected and planned; the first step follows. Once a sweep. */
    record Started(PrimarySummary summary) implements SweepEvent {}

    /** Counts have moved; a few times a second. */
    record Progressed(SweepProgress progress) implements SweepEvent {}

    /** A resume point that covers all steps so far; at least every {@link SweepRequest#checkpointEvery()}. */
    record Checkpointed(Checkpoint checkpoint) implements SweepEvent {}

    /**
     * The sweep rests for another reason than its pace.
     *
     * @param reason a short sentence for people, for example {@code reconnecting: connection broke}
     */
    record HoldBegan(String reason) implements SweepEvent {}

    /**
     * The pace was changed.
     *
     * @param pace the pace from now on
     * @param intervention who changed it and why
     */
    record Retuned(PacePolicy pace, SweepControl.Intervention intervention) implements SweepEvent {}

    /** The hold is over; steps go on. */
    record HoldEnded() implements SweepEvent {}

    /** The last event. */
    record Finished(SweepReport report) implements SweepEvent {}
}
