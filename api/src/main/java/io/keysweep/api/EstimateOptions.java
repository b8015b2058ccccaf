package io.keysweep.api;

import org.jspecify.annotations.Nullable;

/**
 * Chooses how the backlog of an instance is estimated; the optional body of {@code POST
 * /api/v1/instances/{id}/estimates}.
 *
 * <p>The backlog is the number of dead keys: expired keys that still hold memory.
 *
 * @param exact whether the service reads all keys of a replica, which gives a count, instead of a sample; default false
 * @param samplePrimary whether the service may read a sample of the primary if it can read no replica; default false.
 *     Reading on the primary removes the expired keys in the sample
 */
public record EstimateOptions(
        @Nullable Boolean exact, @Nullable Boolean samplePrimary) {}
