package io.keysweep.engine.deployment;

import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.engine.topology.Shard;
import io.keysweep.engine.topology.SlotSet;
import org.jspecify.annotations.Nullable;

/**
 * How the sweep of one shard ended.
 *
 * @param round in which round
 * @param shard what was to be covered
 * @param visited keys visited
 * @param reclaimed expired keys reclaimed
 * @param exact whether {@code reclaimed} is an exact count
 * @param report the report, or null if it could not be done or not to its end
 * @param refusal why not, or null
 */
public record ShardOutcome(
        int round,
        Shard shard,
        long visited,
        long reclaimed,
        boolean exact,
        @Nullable SweepReport report,
        @Nullable NodeRefusedException refusal) {

    /** Slots that it has covered from start to end. */
    public SlotSet covered() {
        return report == null ? SlotSet.NONE : report.covered();
    }

    /** Why it failed, or null; that its slots have gone to others is no failure, as they are the next round's. */
    public @Nullable NodeRefusedException failure() {
        return refusal != null && refusal.reason() == Reason.HANDED_OVER ? null : refusal;
    }
}
