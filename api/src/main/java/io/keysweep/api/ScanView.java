package io.keysweep.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A scan as {@code GET /api/v1/scans/{id}} shows it, live while it runs.
 *
 * @param id UUID
 * @param instanceId UUID
 * @param status {@code waiting}, {@code running}, {@code success} or {@code failed}
 * @param scanType {@code manual} or {@code auto}
 * @param visited keys visited so far
 * @param reclaimed expired keys reclaimed so far
 * @param exact whether {@code reclaimed} is an exact count
 * @param fraction how much of the key space is done, 0 to 1
 * @param hold why the scan rests at the moment, or null
 * @param failure why the scan failed, or null
 * @param method how keys are reclaimed and why that way; null until started
 * @param longestStallMs longest step so far, milliseconds: by the server's own measure where the method brings it,
 *     else as seen from the service
 * @param usedMemoryBefore bytes; null until started
 * @param usedMemoryAfter bytes; null until finished
 * @param createdAt when it was created
 * @param startedAt null until started
 * @param finishedAt null until finished
 * @param version raised by every pause, resume, cancel and tune; in quotes it is the ETag
 * @param timeoutSeconds how long it may run, pauses included
 * @param pace how fast it may go
 * @param pause who has paused it, its project or everything, or null
 * @param remainingSeconds about how long the rest takes; null while that cannot be told
 * @param memory what it has done to memory so far, by the runs that have ended
 * @param holds why it was on hold and how long, the longest first
 * @param sweeps one a primary
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
