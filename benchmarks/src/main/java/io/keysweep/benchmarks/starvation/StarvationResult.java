package io.keysweep.benchmarks.starvation;

import io.keysweep.benchmarks.result.Machine;
import io.keysweep.benchmarks.result.ResultFile;
import io.keysweep.benchmarks.server.ServerFigures;
import java.util.List;

/**
 * Holds the results of {@code dev/bench starvation}; its components are the fields of the JSON file.
 *
 * @param commandLine the command that repeats the benchmark
 * @param at the time of the end, ISO 8601
 * @param machine the machine of the runs
 * @param version the version of the server, which runs with its defaults
 * @param longLived the number of keys that do not expire during a run
 * @param inflowPerSecond new keys a second
 * @param ttlSeconds the TTL of new keys, s
 * @param passEverySeconds the time between the starts of two Keysweep passes, s
 * @param runs the runs in their order
 */
record StarvationResult(
        String commandLine,
        String at,
        Machine machine,
        String version,
        long longLived,
        int inflowPerSecond,
        long ttlSeconds,
        long passEverySeconds,
        List<Run> runs) {

    /**
     * Reports the figures of one run.
     *
     * @param beside the activity next to the server's active expiry
     * @param backlogAtEnd expired keys in memory at the end
     * @param highestBacklog the highest number of expired keys in memory
     * @param backlogGrowthPerSecond the growth of the backlog a second, from the first expiry to the end
     * @param expiredKeys keys that the server has reclaimed, by active expiry or on access
     * @param nativeExpiryCpuMs CPU time of the server's active expiry, ms
     * @param samples one sample a second
     */
    record Run(
            String beside,
            long backlogAtEnd,
            long highestBacklog,
            double backlogGrowthPerSecond,
            long expiredKeys,
            long nativeExpiryCpuMs,
            List<Sample> samples) {

        /** Calculates the figures of a run. */
        static Run of(String beside, StarvationSpec spec, List<Sample> samples, ServerFigures stats) {
            long secondsWithExpiry = spec.duration().toSeconds() - spec.ttl().toSeconds();
            long atEnd = samples.getLast().backlog();
            return new Run(
                    beside,
                    atEnd,
                    samples.stream().mapToLong(Sample::backlog).max().orElse(0),
                    secondsWithExpiry > 0 ? ResultFile.rounded((double) atEnd / secondsWithExpiry) : 0,
                    (long) stats.number("expired_keys"),
                    (long) stats.number("expire_cycle_cpu_milliseconds"),
                    samples);
        }
    }

    /**
     * Reports the keys on the server at one moment.
     *
     * @param second the seconds since the start
     * @param keys the keys on the server
     * @param living the keys whose deadline is in the future
     * @param backlog the difference, which is the number of expired keys in memory
     */
    record Sample(int second, long keys, long living, long backlog) {}
}
