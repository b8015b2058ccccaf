package io.keysweep.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Represents a scan in the response of {@code GET /api/v1/scans/{id}}, with its current progress.
 *
 * @param id UUID
 * @param instanceId UUID
 * @param status {@code waiting}, {@code running}, {@code success} or {@code failed}
 * @param scanType {@code manual} or {@code auto}
 * @param visited number of keys visited so far
 * @param reclaimed number of expired keys reclaimed so far
 * @param exact whether {@code reclaimed} is an exact count
 * @param fraction completed part of the key space, 0 to 1
 * @param hold why the scan makes no steps at present, or null
 * @param failure why the scan failed, or null
 * @param method method by which the scan reclaims keys, and why; null until the scan has started
 * @param longestStallMs longest step so far in milliseconds: measured by the server if the method can do so, else by
 *     the service
 * @param usedMemoryBefore used memory in bytes; null until the scan has started
 * @param usedMemoryAfter used memory in bytes; null until the scan has finished
 * @param createdAt when the scan was created
 * @param startedAt when the scan started; null until then
 * @param finishedAt when the scan finished; null until then
 * @param version version of the scan's instructions; every pause, resume, cancel and tune raises it. In quotes it is
 *     the ETag
 * @param timeoutSeconds maximum duration of the scan in seconds, including pauses
 * @param pace limits on the scan's load on the server
 * @param pause pause of the scan, or hold of its project or of everything; null if there is none
 * @param remainingSeconds approximate remaining time in seconds; null while it cannot be estimated
 * @param memory change of memory and keys, from the runs that have ended
 * @param holds holds of the scan by reason, the longest first
 * @param sweeps one entry for each sweep of a primary
 */
public record ScanView(
        String id,
        String instanceId,
        String status,
        String scanType,
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
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        int version,
        long timeoutSeconds,
        PaceView pace,
        @Nullable PauseView pause,
        @Nullable Long remainingSeconds,
        MemoryView memory,
        List<HoldsView> holds,
        List<SweepView> sweeps) {

    public ScanView {
        holds = List.copyOf(holds);
        sweeps = List.copyOf(sweeps);
    }
}
