package io.keysweep.benchmarks.comparison;

import io.keysweep.testkit.RedisVersion;
import java.time.Duration;

/**
 * What to compare on.
 *
 * @param name name of the result
 * @param commandLine how to do it again
 * @param version server to start
 * @param size what to plant
 * @param rounds turns of each contender
 * @param slice time for those that would not come to an end
 * @param foregroundRate requests a second in the pass with an application beside; 0 for no such pass
 */
record ComparisonSpec(
        String name,
        String commandLine,
        RedisVersion version,
        KeySpaceSize size,
        int rounds,
        Duration slice,
        int foregroundRate) {}
