package io.keysweep.server.instance;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Holds the result of the last inspection of an instance. A value that the inspection could not read is null.
 *
 * @param flavour the name of the {@code ServerProfile.Flavour}
 * @param version the version that the server reports
 * @param usedMemory the used memory of all primaries in bytes
 * @param maxMemory the memory limit of all primaries in bytes; 0 for no limit
 * @param shards the number of primaries that hold keys
 * @param problem the reason why the instance cannot be swept, or null if it can
 * @param checkedAt when the inspection was made
 */
public record InstanceObservation(
        @Nullable String flavour,
        @Nullable String version,
        @Nullable Long usedMemory,
        @Nullable Long maxMemory,
        @Nullable Integer shards,
        @Nullable String problem,
        Instant checkedAt) {}
