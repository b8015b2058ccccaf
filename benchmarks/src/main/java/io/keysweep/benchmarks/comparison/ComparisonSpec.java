package io.keysweep.benchmarks.comparison;

import io.keysweep.testkit.RedisVersion;
import java.time.Duration;
import java.util.Set;

/**
 * Describes what a {@link Comparison} must run: on which server, with how many keys, and how often.
 *
 * @param name the name of the benchmark and of its result file, for example {@code quick}
 * @param commandLine the command that repeats the run
 * @param version the version of the server to start
 * @param clusterMode whether the server runs in cluster mode with all slots
 * @param ownCore whether the first core is reserved for the server
 * @param size the keys to plant
 * @param rounds the number of rounds, in each of which every contender has one turn
 * @param only the names of the contenders that take part; all if empty
 * @param slice the time limit of a turn, for contenders that would take too long
 * @param foregroundRate the requests per second of a simulated application in an additional turn of each contender; 0
 *     for no such turns
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
