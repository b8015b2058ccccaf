package io.keysweep.server.sweep;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Describes the active scan that a sweep belongs to, with the data that a worker needs.
 *
 * @param instanceId id of the instance that is swept
 * @param automatic whether no person has created the scan, so that it tries a lost server again
 * @param timeout maximum duration of the scan
 * @param deadline when the scan times out, or null before it has begun
 */
public record SweptScan(
        UUID instanceId,
        boolean automatic,
        Duration timeout,
        @Nullable Instant deadline) {}
