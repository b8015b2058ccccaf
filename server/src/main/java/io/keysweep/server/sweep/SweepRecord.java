package io.keysweep.server.sweep;

import io.keysweep.engine.topology.SlotSet;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Describes the sweep of one primary, as of its last checkpoint.
 *
 * @param scanId the scan that the sweep belongs to
 * @param round the round of the scan, 1 for the first
 * @param nodeId {@code host:port} of the primary when the sweep was planned; outside a cluster the label of the deployment
 * @param slots the slots to cover; all slots outside a cluster
 * @param covered the slots covered from start to end, or null before the sweep's end
 * @param orphans keys of slots that the node does not serve
 * @param finished whether the sweep has ended, with or without success
 * @param failure why the sweep has failed, or null
 * @param visited keys visited
 * @param reclaimed expired keys reclaimed
 * @param exact whether {@code reclaimed} is an exact count
 * @param fraction how much of the key space is done, 0 to 1
 * @param longestStall longest step
 * @param hold why the sweep is on hold at the moment, or null
 * @param method reclaim method and the reason for it, or null before the start
 * @param usedMemoryBefore bytes, or null before the start
 * @param usedMemoryAfter bytes, or null before the end
 * @param remaining about how long the running sweep still takes, or null
 * @param runs number of runs that workers have begun
 * @param memory what the runs that have ended did to memory
 */
public record SweepRecord(
        UUID scanId,
        int round,
        String nodeId,
        SlotSet slots,
        @Nullable SlotSet covered,
        long orphans,
        boolean finished,
        @Nullable String failure,
        long visited,
        long reclaimed,
        boolean exact,
        double fraction,
        Duration longestStall,
        @Nullable String hold,
        @Nullable String method,
        @Nullable Long usedMemoryBefore,
        @Nullable Long usedMemoryAfter,
        @Nullable Duration remaining,
        int runs,
        SweepMemory memory) {

    /** Describes a sweep that no worker has begun. */
    public static SweepRecord waiting(UUID scanId, int round, String nodeId, SlotSet slots) {
        return new SweepRecord(
                scanId,
                round,
                nodeId,
                slots,
                null,
                0,
                false,
                null,
                0,
                0,
                true,
                0,
                Duration.ZERO,
                null,
                null,
                null,
                null,
                null,
                0,
                SweepMemory.NONE);
    }

    public SweepKey key() {
        return new SweepKey(scanId, round, nodeId);
    }
}
