package io.keysweep.api;

import org.jspecify.annotations.Nullable;

/**
 * Holds the optional request body of {@code POST /api/v1/instances/{id}/estimates}.
 *
 * @param exact whether to count all keys of a replica instead of a sample; default false
 * @param samplePrimary whether the service may sample the primary if no replica can be read, which removes the expired
 *     keys in the sample; default false
 */
public record EstimateOptions(
        @Nullable Boolean exact, @Nullable Boolean samplePrimary) {}
