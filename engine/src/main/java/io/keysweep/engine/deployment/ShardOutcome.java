package io.keysweep.engine.deployment;

import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.engine.topology.Shard;
import io.keysweep.engine.topology.SlotSet;
import org.jspecify.annotations.Nullable;

/**
 * Describes how the sweep of one shard ended; {@link DeploymentReport} has one for each sweep.
 *
 * <p>A shard is the part of a cluster that one primary serves. Slots are the 16384 parts of a cluster's keys.
 *
 * @param round the number of the round in which the shard was swept, from 1. A round sweeps each shard once
 * @param shard the shard, with the slots that the sweep had to cover
 * @param visited keys visited; after a refusal, the number in the last checkpoint, or 0 without a checkpoint
 * @param reclaimed expired keys reclaimed; after a refusal, the number in the last checkpoint as well
 * @param exact whether {@code reclaimed} is a count; if false, it is an estimate
 * @param report the report; null if the server could not be swept, at the start or later
 * @param refusal why the server could not be swept; null if there is a report
 */
public record ShardOutcome(
        int round,
        Shard shard,
        long visited,
        long reclaimed,
        boolean exact,
        @Nullable SweepReport report,
        @Nullable NodeRefusedException refusal) {

    /** Returns the outcome of a sweep that has returned its report. */
    static ShardOutcome swept(int round, Shard shard, SweepReport report) {
        return new ShardOutcome(
                round, shard, report.visited(), report.reclaimed(), report.exact(), report, /* refusal= */ null);
    }

    /**
     * Returns the outcome of a sweep whose server was refused.
     *
     * @param lastCheckpoint the last checkpoint, whose counts replace the missing report; null if there was none
     */
    static ShardOutcome refused(
            int round, Shard shard, @Nullable Checkpoint lastCheckpoint, NodeRefusedException refusal) {
        // Without a checkpoint nothing was counted, and 0 is exact.
        return lastCheckpoint == null
                ? new ShardOutcome(
                        round,
                        shard,
                        /* visited= */ 0,
                        /* reclaimed= */ 0,
                        /* exact= */ true,
                        /* report= */ null,
                        refusal)
                : new ShardOutcome(
                        round,
                        shard,
                        lastCheckpoint.visited(),
                        lastCheckpoint.reclaimed(),
                        lastCheckpoint.exact(),
                        /* report= */ null,
                        refusal);
    }

    /** Returns the slots that the primary served during the whole sweep; none if the sweep was not completed. */
    public SlotSet covered() {
        return report == null ? SlotSet.NONE : report.covered();
    }

    /**
     * Returns why the sweep failed, or null if it did not. A sweep whose slots have all moved to other primaries was
     * refused, but has not failed, because the next round covers its slots.
     */
    public @Nullable NodeRefusedException failure() {
        return refusal != null && refusal.reason() == Reason.HANDED_OVER ? null : refusal;
    }
}
