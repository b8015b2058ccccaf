package io.keysweep.engine.deployment;

import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.engine.topology.Shard;
import io.keysweep.engine.topology.SlotSet;
import org.jspecify.annotations.Nullable;

/**
 * Describes how the sweep of one shard ended.
 *
 * @param round number of the round
 * @param shard the shard with the slots to cover
 * @param visited keys visited
 * @param reclaimed expired keys reclaimed
 * @param exact whether {@code reclaimed} is an exact count
 * @param report the report, or null if the sweep was refused, at its start or later
 * @param refusal why the sweep was refused, or null
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
     * Returns why the sweep failed, or null. Slots that moved to other primaries are no failure; the next round covers
     * them.
     */
    public @Nullable NodeRefusedException failure() {
        return refusal != null && refusal.reason() == Reason.HANDED_OVER ? null : refusal;
    }
}
