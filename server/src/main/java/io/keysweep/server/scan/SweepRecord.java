package io.keysweep.server.scan;

import io.keysweep.engine.topology.SlotSet;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the sweep of one primary, as of its last checkpoint.
 *
 * @param scanId the scan that it belongs to
 * @param round the round of the scan, 1 for the first
 * @param nodeId {@code host:port} of the primary when it was planned, or what else the deployment is called by
 * @param slots what it is to cover; all slots outside a cluster
 * @param covered what it has covered from start to end, or null before its end
 * @param orphans keys that the node holds of slots that it does not serve
 * @param finished whether it has ended, well or not
 * @param failure why it ended badly, or null
 * @param visited keys visited
 * @param reclaimed expired keys reclaimed
 * @param exact whether {@code reclaimed} is an exact count
 * @param fraction how much of the key space is done, 0 to 1
 * @param longestStall longest step
 * @param hold why it rests at the moment, or null
 * @param method reclaim method and the reason for it, or null before the start
 * @param usedMemoryBefore bytes, or null before the start
 * @param usedMemoryAfter bytes, or null before the end
 * @param remaining about how long the rest takes while it runs, or null
 * @param runs how often a worker has begun with it
 * @param memory what it has done to memory, by the runs that have ended
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

    /** One that nobody has begun. */
    static SweepRecord waiting(UUID scanId, int round, String nodeId, SlotSet slots) {
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

    SweepKey key() {
        return new SweepKey(scanId, round, nodeId);
    }
}
