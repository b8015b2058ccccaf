package io.keysweep.benchmarks.starvation;

import io.keysweep.benchmarks.result.Machine;
import io.keysweep.benchmarks.result.ResultFile;
import io.keysweep.benchmarks.server.ServerFigures;
import java.util.List;

/**
 * Describes the JSON file that {@code dev/bench starvation} writes. Its components are the fields of the file.
 *
 * @param commandLine the command that repeats the benchmark
 * @param at the end of the last run, for example {@code 2026-01-31T12:00:00Z}
 * @param machine the machine on which the runs took place
 * @param version the version of the server, which runs with its defaults
 * @param longLived the number of keys that do not expire during a run
 * @param inflowPerSecond new keys a second
 * @param ttlSeconds the TTL of new keys, s
 * @param passEverySeconds the time between the starts of two Keysweep passes, s
 * @param runs one run for each {@link BackgroundActivity}, in their order
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
     * Reports how one run has ended, and how the backlog, the expired keys in memory, has grown.
     *
     * @param beside the label of the activity that ran in addition to the server's active expiry
     * @param backlogAtEnd expired keys in memory at the end
     * @param highestBacklog the highest number of expired keys in memory
     * @param backlogGrowthPerSecond the average growth of the backlog in keys a second, from the first expiry to the
     *     end
     * @param expiredKeys expired keys that the server has removed: by active expiry, or when a scan or sweep met them
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

        /** Calculates the figures of a run from its samples and the section {@code stats} of the server's INFO. */
        static Run of(String beside, StarvationSpec spec, List<Sample> samples, ServerFigures stats) {
            // No key expires before the first TTL is over.
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
     * @param keys the keys on the server, including expired ones that still hold memory
     * @param living the keys that have not expired yet
     * @param backlog the number of expired keys in memory: {@code keys - living}, at least 0
     */
    record Sample(int second, long keys, long living, long backlog) {}
}
