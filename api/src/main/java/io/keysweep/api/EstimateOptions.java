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
 * @param picture whether the service also reads TTL, type and size of the sampled keys, for the part {@code picture} of
 *     the estimate; default true
 * @param forecastMinutes the length of the forecast, 1 to 43,200 minutes; default 1,440
 * @param stepMinutes the length of a step of the forecast, 1 to 1,440 minutes; default 10
 * @param prefixes whether the estimate also counts the keys by prefix of their names, such as {@code session:}; default
 *     false. The prefixes then leave the Redis server, and the names of dead keys too if it publishes them. The response
 *     contains the prefixes, but the service does not store them
 * @param separator with {@code prefixes}: the text that ends a part of a name, 1 to 8 characters; default {@code :}
 * @param depth with {@code prefixes}: the number of parts that make a prefix, 1 to 8; default 1
 * @param top with {@code prefixes}: the number of prefixes to report, 1 to 1,000; default 20
 */
public record EstimateOptions(
        @Nullable Boolean exact,
        @Nullable Boolean samplePrimary,
        @Nullable Boolean picture,
        @Nullable Integer forecastMinutes,
        @Nullable Integer stepMinutes,
        @Nullable Boolean prefixes,
        @Nullable String separator,
        @Nullable Integer depth,
        @Nullable Integer top) {

    /** Chooses an estimate with a picture and no prefixes. */
    public EstimateOptions(@Nullable Boolean exact, @Nullable Boolean samplePrimary) {
        this(
                exact,
                samplePrimary,
                /* picture= */ null,
                /* forecastMinutes= */ null,
                /* stepMinutes= */ null,
                /* prefixes= */ null,
                /* separator= */ null,
                /* depth= */ null,
                /* top= */ null);
    }
}
