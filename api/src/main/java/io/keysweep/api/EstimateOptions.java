package io.keysweep.api;

import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST /api/v1/instances/{id}/estimates}; may be left out.
 *
 * @param exact whether every key of a replica is passed instead of a sample; default false
 * @param samplePrimary whether the primary may be sampled where there is no replica, which removes the expired keys that
 *     the sample meets; default false
 */
public record EstimateOptions(
        @Nullable Boolean exact, @Nullable Boolean samplePrimary) {}
