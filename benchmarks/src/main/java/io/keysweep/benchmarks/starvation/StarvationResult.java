package io.keysweep.benchmarks.starvation;

import io.keysweep.benchmarks.result.Machine;
import io.keysweep.benchmarks.result.ResultFile;
import io.keysweep.benchmarks.server.ServerFigures;
import java.util.List;

/**
 * All runs, as their file has them.
 *
 * @param commandLine how to do it again
 * @param at when it ended, ISO 8601
 * @param machine where
 * @param version server, with its defaults
 * @param longLived keys that do not die
 * @param inflowPerSecond new keys a second
 * @param ttlSeconds how long those live
 * @param passEverySeconds time between the starts of two of Keysweep's passes
 * @param runs in their order
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
     * One run.
     *
     * @param beside what went on beside the server's own expiry
     * @param backlogAtEnd dead keys in memory at the end
     * @param highestBacklog most dead keys that were in memory at once
     * @param backlogGrowthPerSecond by how much the backlog grew a second, from when the first keys died to the end
     * @param expiredKeys keys that the server has reclaimed, by whatever road
     * @param nativeExpiryCpuMs CPU time of the server's own expiry, ms
     * @param samples one a second
     */
    record Run(
            String beside,
            long backlogAtEnd,
            long highestBacklog,
            double backlogGrowthPerSecond,
            long expiredKeys,
            long nativeExpiryCpuMs,
            List<Sample> samples) {

        static Run of(String beside, StarvationSpec spec, List<Sample> samples, ServerFigures stats) {
            long dyingSeconds = spec.duration().toSeconds() - spec.ttl().toSeconds();
            long atEnd = samples.getLast().backlog();
            return new Run(
                    beside,
                    atEnd,
                    samples.stream().mapToLong(Sample::backlog).max().orElse(0),
                    dyingSeconds > 0 ? ResultFile.rounded((double) atEnd / dyingSeconds) : 0,
                    (long) stats.number("expired_keys"),
                    (long) stats.number("expire_cycle_cpu_milliseconds"),
                    samples);
        }
    }

    /**
     * One look at the server.
     *
     * @param second since the start
     * @param keys that the server holds
     * @param living keys whose deadline is ahead
     * @param backlog the difference: dead keys in memory
     */
    record Sample(int second, long keys, long living, long backlog) {}
}
