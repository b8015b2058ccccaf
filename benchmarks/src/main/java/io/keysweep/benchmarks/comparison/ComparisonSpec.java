package io.keysweep.benchmarks.comparison;

import io.keysweep.testkit.RedisVersion;
import java.time.Duration;
import java.util.Set;

/**
 * Describes a comparison.
 *
 * @param name the name of the result
 * @param commandLine the command that repeats the run
 * @param version the version of the server to start
 * @param clusterMode whether the server runs in cluster mode with all slots
 * @param ownCore whether the first core is reserved for the server
 * @param size the keys to plant
 * @param rounds the number of rounds
 * @param only the names of the contenders that take part; all if empty
 * @param slice the time limit of contenders that would take too long
 * @param foregroundRate an application's requests a second in an additional pass; 0 for no such pass
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
