package io.keysweep.benchmarks.starvation;

import io.keysweep.testkit.RedisVersion;
import java.time.Duration;

/**
 * What to run.
 *
 * @param commandLine how to do it again
 * @param version server to start, with its defaults
 * @param longLived keys whose TTL is so long that none of them dies here
 * @param inflow new keys a second
 * @param valueSize bytes of each value
 * @param ttl how long the new keys live
 * @param duration of each run
 * @param passEvery time between the starts of two of Keysweep's passes
 */
record StarvationSpec(
        String commandLine,
        RedisVersion version,
        long longLived,
        int inflow,
        int valueSize,
        Duration ttl,
        Duration duration,
        Duration passEvery) {}
