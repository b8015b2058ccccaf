package io.keysweep.server.instance;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a look at an instance has found.
 *
 * @param flavour name of its {@code ServerProfile.Flavour}, or null if it could not be seen
 * @param version its own version, or null
 * @param usedMemory bytes over all primaries, or null
 * @param maxMemory configured limit in bytes over all primaries, 0 is none, or null if not seen
 * @param shards how many primaries hold keys, or null if not seen
 * @param problem why it cannot be swept, or null if it can
 * @param checkedAt when the look was taken
 */
public record InstanceObservation(
        @Nullable String flavour,
        @Nullable String version,
        @Nullable Long usedMemory,
        @Nullable Long maxMemory,
        @Nullable Integer shards,
        @Nullable String problem,
        Instant checkedAt) {}
