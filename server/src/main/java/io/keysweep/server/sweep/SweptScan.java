package io.keysweep.server.sweep;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Holds what a worker needs of the active scan that a sweep is part of.
 *
 * @param instanceId the instance that is swept
 * @param timeout how long the scan may run
 * @param deadline when the scan times out, or null before it has begun
 */
public record SweptScan(
        UUID instanceId, Duration timeout, @Nullable Instant deadline) {}
