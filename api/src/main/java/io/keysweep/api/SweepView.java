package io.keysweep.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Represents the sweep of one primary, as of its last checkpoint.
 *
 * @param round round of the scan, 1 for the first; in a cluster, slots that move during a round need another round
 * @param nodeId {@code host:port}, or the path of a Unix socket
 * @param slots slots that the sweep must cover, such as {@code 0-5460,10923}; all slots outside a cluster
 * @param finished whether the sweep has ended, successfully or not
 * @param visited number of keys visited
 * @param reclaimed number of expired keys reclaimed
 * @param exact whether {@code reclaimed} is an exact count
 * @param fraction completed part of the key space, 0 to 1
 * @param hold why the sweep makes no steps at present, or null
 * @param failure why the sweep failed, or null
 * @param method method by which the sweep reclaims keys, and why; null until the sweep has started
 * @param longestStallMs longest step so far in milliseconds
 * @param usedMemoryBefore used memory in bytes; null until the sweep has started
 * @param usedMemoryAfter used memory in bytes; null until the sweep has finished
 * @param remainingSeconds approximate remaining time in seconds; null while it cannot be estimated
 * @param memory change of memory and keys, from the runs that have ended
 * @param runs number of runs that workers have begun; more than one after an interruption, or if the sweep waited
 * @param interruptions interruptions of runs, the earliest first
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
