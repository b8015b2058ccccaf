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
 * <p>A sweep is the part of a scan that visits one primary. Assist raises the server's settings {@code hz} and {@code
 * active-expire-effort} for a while, so that the server itself removes more expired keys.
 *
 * @param instanceId id of the instance that is swept
 * @param automatic whether the service has created the scan without a request of a user. No user waits for such a scan,
 *     so it tries a lost server again instead of failing immediately
 * @param assist whether the scan assists its servers before its sweeps, instead of its sweeps, or not at all; decided
 *     when the scan was created
 * @param backlogLimit number of dead keys (expired keys that still hold memory) of all primaries together. If it is
 *     set, assist continues for a limited time while there are no more dead keys than this, and the sweeps start
 *     afterwards. If it is null, assist ends as soon as the number of dead keys no longer falls
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
