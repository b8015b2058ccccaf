package io.keysweep.server.sweep;

import io.keysweep.server.control.AssistMode;
import io.keysweep.server.tracing.ScanTrace;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Describes the active scan that a sweep belongs to, with the data that a worker needs.
 *
 * @param instanceId id of the instance that is swept
 * @param automatic whether the service has created the scan by itself. No person waits for such a scan, so it tries a
 *     lost server again instead of failing at once
 * @param assist whether the scan assists its servers before its sweeps, in their place or not at all, as decided when
 *     the scan was created
 * @param backlogLimit number of dead keys of all primaries together below which the scan keeps the backlog by assist
 *     before it sweeps; null if assist ends as soon as the backlog no longer falls
 * @param timeout maximum duration of the scan
 * @param createdAt when the scan was created
 * @param deadline when the scan times out, or null before it has begun
 * @param trace ids of the scan's span and trace, or null if the trace is not recorded
 */
public record SweptScan(
        UUID instanceId,
        boolean automatic,
        AssistMode assist,
        @Nullable Long backlogLimit,
        Duration timeout,
        Instant createdAt,
        @Nullable Instant deadline,
        @Nullable ScanTrace trace) {}
