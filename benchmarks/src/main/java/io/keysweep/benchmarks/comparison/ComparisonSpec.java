package io.keysweep.benchmarks.comparison;

import io.keysweep.testkit.RedisVersion;
import java.time.Duration;
import java.util.Set;

/**
 * What to compare on.
 *
 * @param name name of the result
 * @param commandLine how to do it again
 * @param version server to start
 * @param clusterMode whether it runs in cluster mode, with all slots
 * @param ownCore whether the server has the first core to itself
 * @param size what to plant
 * @param rounds turns of each contender
 * @param only names of the contenders that take part; all if empty
 * @param slice time for those that would not come to an end
 * @param foregroundRate requests a second in the pass with an application beside; 0 for no such pass
 */
record ComparisonSpec(
        String name,
        String commandLine,
        RedisVersion version,
        boolean clusterMode,
        boolean ownCore,
        KeySpaceSize size,
        int rounds,
        Set<String> only,
        Duration slice,
        int foregroundRate) {}
