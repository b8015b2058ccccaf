package io.keysweep.engine.deployment;

import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.engine.topology.Shard;
import io.keysweep.engine.topology.SlotSet;
import org.jspecify.annotations.Nullable;

/**
 * Describes how the sweep of one shard ended. A shard is the part of a cluster that one primary serves.
 *
 * @param round number of the round in which the shard was swept, from 1
 * @param shard the shard, with the slots that the sweep had to cover
 * @param visited keys visited
 * @param reclaimed expired keys reclaimed
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

    /** Returns the slots that the sweep covered from start to end. */
    public SlotSet covered() {
        return report == null ? SlotSet.NONE : report.covered();
    }

    /**
     * Returns why the sweep failed, or null if it did not. If the slots have moved to other primaries, that is no
     * failure: the next round covers them.
     */
    public @Nullable NodeRefusedException failure() {
        return refusal != null && refusal.reason() == Reason.HANDED_OVER ? null : refusal;
    }
}
