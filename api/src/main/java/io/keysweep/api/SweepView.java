package io.keysweep.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sweep of one primary, as of its last checkpoint.
 *
 * @param round the round of the scan, 1 for the first; a cluster may need others for slots that moved
 * @param nodeId {@code host:port}, or the path of a Unix socket
 * @param slots what it is to cover, {@code 0-5460,10923}; all outside a cluster
 * @param finished whether it has ended, well or not
 * @param visited keys visited
 * @param reclaimed expired keys reclaimed
 * @param exact whether {@code reclaimed} is an exact count
 * @param fraction how much of the key space is done, 0 to 1
 * @param hold why it rests at the moment, or null
 * @param failure why it failed, or null
 * @param method how keys are reclaimed and why that way; null until started
 * @param longestStallMs longest step so far, milliseconds
 * @param usedMemoryBefore bytes; null until started
 * @param usedMemoryAfter bytes; null until finished
 * @param remainingSeconds about how long the rest takes; null while that cannot be told
 * @param memory what it has done to memory, by the runs that have ended
 * @param runs how often a worker has begun with it: more than once after a rest or an interruption
 * @param interruptions runs that were broken off, the earliest first
 */
public record SweepView(
        int round,
        String nodeId,
        String slots,
        boolean finished,
        long visited,
        long reclaimed,
        boolean exact,
        double fraction,
        @Nullable String hold,
        @Nullable String failure,
        @Nullable String method,
        double longestStallMs,
        @Nullable Long usedMemoryBefore,
        @Nullable Long usedMemoryAfter,
        @Nullable Long remainingSeconds,
        MemoryView memory,
        int runs,
        List<InterruptionView> interruptions) {

    public SweepView {
        interruptions = List.copyOf(interruptions);
    }
}
