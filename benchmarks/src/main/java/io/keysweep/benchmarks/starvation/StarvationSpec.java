package io.keysweep.benchmarks.starvation;

import io.keysweep.testkit.RedisVersion;
import java.time.Duration;

/**
 * Describes the runs of {@code dev/bench starvation}; all runs are the same except for the {@link BackgroundActivity}.
 *
 * @param commandLine the command that repeats the benchmark
 * @param version the version of the server, which runs with its defaults
 * @param longLived the number of keys whose TTL is longer than a run
 * @param inflow new keys per second
 * @param valueSize the bytes of each value
 * @param ttl the TTL of new keys
 * @param duration the duration of each run
 * @param sweepEvery the time between the starts of two sweeps of Keysweep, each of the whole server
 * @param backlogLimit the largest number of expired keys in memory with which assist (the server's own expiry at raised
 *     settings) continues
 */
record StarvationSpec(
        String commandLine,
        RedisVersion version,
        long longLived,
        int inflow,
        int valueSize,
        Duration ttl,
        Duration duration,
        Duration sweepEvery,
        long backlogLimit) {}
