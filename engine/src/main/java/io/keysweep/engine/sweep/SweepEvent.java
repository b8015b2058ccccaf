package io.keysweep.engine.sweep;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.plan.Checkpoint;
import java.util.List;

/**
 * A sweep event informs a {@link SweepListener} about one run of a sweep: its start, progress, checkpoints, holds and
 * end.
 */
public sealed interface SweepEvent {

    /**
     * Reports that the primary has been inspected and the plan made. The event is sent once per run, before the first
     * step. If the run first waits for its server, {@link HoldBegan} and {@link HoldEnded} are sent before it.
     */
    record Started(PrimarySummary summary) implements SweepEvent {}

    /** Reports new counts. The event is sent at most ten times per second, and once more before {@link Finished}. */
    record Progressed(SweepProgress progress) implements SweepEvent {}

    /**
     * Contains a checkpoint, from which a later run can resume. Its counts include all steps that were answered so far.
     * The event is sent about every {@link SweepRequest#checkpointEvery()} while the sweep makes steps, at the start of
     * a hold, after a reconnect, and at the end of a run.
     *
     * @param databases the counts of this run for each database that it has visited, as of the checkpoint
     */
    record Checkpointed(Checkpoint checkpoint, List<SweepReport.DatabaseCount> databases) implements SweepEvent {

        public Checkpointed {
            databases = List.copyOf(databases);
        }
    }

    /**
     * Reports that the number of reclaimed keys is no longer an exact count but an estimate. The event is sent at most
     * once per run, before the first checkpoint that is not exact. It is not sent if the only reason is the
     * reclaim method: a pipeline is not atomic, so its count is never exact.
     *
     * @param reason why, a short sentence for the user
     */
    record Estimated(String reason) implements SweepEvent {}

    /**
     * Reports that the sweep has stopped sending steps (calls that visit keys), or that the reason for this has
     * changed. The waits between steps that are part of the pace are not reported.
     *
     * @param reason a short sentence for the user, for example {@code reconnecting: connection broke}
     * @param cause the kind of the reason
     */
    record HoldBegan(String reason, HoldCause cause) implements SweepEvent {}

    /**
     * Reports that the pace was changed.
     *
     * @param pace the new pace
     * @param intervention who changed the pace, and why
     */
    record Retuned(PacePolicy pace, SweepControl.SweepIntervention intervention) implements SweepEvent {}

    /** Reports that the hold is over and the sweep continues or ends. */
    record HoldEnded() implements SweepEvent {}

    /**
     * Reports the counts of a run that has failed, just before the sweep throws the
     * {@link io.keysweep.engine.topology.NodeRefusedException} that says why. It is always the last event, but is not
     * sent if the sweep could not start.
     */
    record Failed(SweepReport report) implements SweepEvent {}

    /**
     * Reports the end of a run that was completed, timed out or cancelled. It is always the last event. It is not sent
     * if the sweep throws an exception.
     */
    record Finished(SweepReport report) implements SweepEvent {}
}
