package io.keysweep.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reports the progress and the result of the sweep of one primary; part of {@link ScanView}.
 *
 * <p>A sweep visits all keys of one primary, so that the server removes the expired ones. It works in steps. A step is
 * a short call in which the server visits some keys. The numbers come from the last checkpoint, the state that the
 * service saved last. Slots are the 16384 parts of the keys of a cluster.
 *
 * @param round number of the round of the scan, 1 for the first. In a cluster, slots that move to another primary
 *     during a round need another round
 * @param nodeId address of the primary when the sweep was planned: {@code host:port}, or the path of a Unix socket; for
 *     Sentinel the name of the deployment
 * @param primary address of the primary at the last contact, which differs from {@code nodeId} after a failover; null
 *     until the sweep has started
 * @param slots hash slots that the sweep must cover, such as {@code 0-5460,10923}; outside a cluster all slots
 * @param finished whether the sweep has ended, successfully or not
 * @param visited number of keys, live and expired, that the sweep has visited
 * @param reclaimed number of expired keys whose memory the sweep has freed
 * @param exact whether {@code reclaimed} is a count; false if it is an estimate
 * @param fraction completed part of the sweep, 0 to 1
 * @param hold why the sweep makes no progress now; null if it makes progress or has ended
 * @param failure why the sweep failed; null if it has not failed
 * @param method method by which the sweep removes expired keys, with the reason for the choice; null until the sweep
 *     has started
 * @param longestStallMs longest time for which one step of the sweep has kept the server busy, in milliseconds
 * @param usedMemoryBefore memory that the server used when the sweep started, in bytes; null until then
 * @param usedMemoryAfter memory that the server used when the sweep finished, in bytes; null until then. Also null if
 *     it must not be compared with the memory before, see {@link MemoryView#note()}
 * @param remainingSeconds approximate remaining time in seconds; null while it cannot be estimated
 * @param memory change of the memory and the keys of the server during the ended runs
 * @param databases keys and counts by database
 * @param runs number of runs; a run is the work of one process on the sweep without a break. There is more than one run
 *     after an interruption, or if the sweep had to wait
 * @param assist what the server's own expiry did while its settings were raised (assist), before the sweep or instead
 *     of it; null without assist
 * @param interruptions one entry for each run that was interrupted, the earliest first
 */
public record SweepView(
        int round,
        String nodeId,
        @Nullable String primary,
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
        List<DatabaseView> databases,
        int runs,
        @Nullable AssistView assist,
        List<InterruptionView> interruptions) {

    public SweepView {
        databases = List.copyOf(databases);
        interruptions = List.copyOf(interruptions);
    }
}
