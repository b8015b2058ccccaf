package io.keysweep.server.instance;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Contains the result of the last inspection of an instance, which the APIs and the web console show.
 *
 * <p>A value is null if no inspection of this address could read it. If the last inspection failed, {@code problem} is
 * set, {@code usedMemory} and the numbers of keys are null, and the other values come from an earlier inspection.
 *
 * @param flavour the name of the {@code ServerProfile.Flavour}, such as {@code REDIS}, which says what kind of server
 *     it is
 * @param version the version that the server reports, such as {@code 7.2.4}
 * @param usedMemory the used memory of all primaries together in bytes; null if a primary does not report it
 * @param maxMemory the sum of the memory limits of all primaries in bytes; 0 if a primary has no limit
 * @param keys the number of keys of all primaries together; it includes expired keys that still hold memory
 * @param keysWithTtl the number of these keys that have a TTL
 * @param shards the number of primaries
 * @param replicas the number of connected replicas of the primary that has most of them
 * @param problem why the instance cannot be swept, as a sentence for users; null if it can be swept
 * @param checkedAt when the instance was inspected
 */
public record InstanceObservation(
        @Nullable String flavour,
        @Nullable String version,
        @Nullable Long usedMemory,
        @Nullable Long maxMemory,
        @Nullable Long keys,
        @Nullable Long keysWithTtl,
        @Nullable Integer shards,
        @Nullable Integer replicas,
        @Nullable String problem,
        Instant checkedAt) {}
