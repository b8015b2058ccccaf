package io.keysweep.benchmarks.starvation;

import io.keysweep.benchmarks.result.CheckedBar;
import io.keysweep.benchmarks.result.Machine;
import io.keysweep.benchmarks.result.ResultFile;
import io.keysweep.benchmarks.server.ServerFigures;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Describes the JSON file that {@code dev/bench starvation} writes. Its components are the fields of the file.
 *
 * @param commandLine the command that repeats the benchmark
 * @param at the end of the last run, for example {@code 2026-01-31T12:00:00Z}
 * @param machine the machine on which the runs took place
 * @param version the version of the server, which runs with its defaults
 * @param longLived the number of keys that do not expire during a run
 * @param inflowPerSecond new keys per second
 * @param ttlSeconds the TTL of new keys, s
 * @param passEverySeconds the time between the starts of two sweeps of Keysweep, s
 * @param runs one run for each {@link BackgroundActivity}, in their order
 * @param ratios figures of the run with assist that have a limit, by name; see {@link #ratios}
 * @param bars whether each of these figures is good enough, by its name
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
        List<Run> runs,
        Map<String, Double> ratios,
        Map<String, CheckedBar> bars) {

    /** The time from the first expiry after which assist must have brought the backlog to a steady number, s. */
    static final int SETTLING_SECONDS = 30;

    /** The number of samples at each end of the steady time whose averages show whether the backlog grows. */
    private static final int AVERAGED_SAMPLES = 10;

    /** The worst values that are still good, by the name of the ratio. */
    private static final Map<String, Double> LIMITS =
            Map.of("assistBacklog", 45_000.0, "assistGrowth", 1.1, "assistCores", 0.1);

    /**
     * Reports how one run has ended, and how the backlog, the expired keys in memory, has grown.
     *
     * @param beside the label of the activity that ran in addition to the server's active expiry
     * @param backlogAtEnd expired keys in memory at the end
     * @param highestBacklog the highest number of expired keys in memory at any sample
     * @param backlogGrowthPerSecond the average growth of the backlog in keys per second, from the first expiry to the
     *     end
     * @param expiredKeys expired keys that the server has removed: by active expiry, or when a scan or sweep met them
     * @param nativeExpiryCpuMs CPU time of the server's active expiry, ms
     * @param serverCpuSeconds CPU time of the whole server, including the writes of new keys, s
     * @param samples the numbers of keys, one sample per second
     */
    record Run(
            String beside,
            long backlogAtEnd,
            long highestBacklog,
            double backlogGrowthPerSecond,
            long expiredKeys,
            long nativeExpiryCpuMs,
            double serverCpuSeconds,
            List<Sample> samples) {

        /** Calculates the figures of a run from its samples and the section {@code stats} of the server's INFO. */
        static Run of(
                String beside,
                StarvationSpec spec,
                List<Sample> samples,
                ServerFigures stats,
                double serverCpuSeconds) {
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
                    ResultFile.rounded(serverCpuSeconds),
                    samples);
        }
    }

    /**
     * Returns the figures of the run with assist that have a limit.
     *
     * <ul>
     *   <li>{@code assistBacklog}: the highest backlog later than {@value #SETTLING_SECONDS} s after the first expiry,
     *       in keys.
     *   <li>{@code assistGrowth}: the backlog at the end divided by the backlog {@value #SETTLING_SECONDS} s after the
     *       first expiry, each the average of {@value #AVERAGED_SAMPLES} samples.
     *   <li>{@code assistCores}: the CPU time of the server, less its CPU time in the run without a sweep, divided by
     *       the duration; 0.1 means a tenth of a processor core.
     * </ul>
     */
    static Map<String, Double> ratios(List<Run> runs, StarvationSpec spec) {
        Run runWithoutSweep = runOf(BackgroundActivity.NOTHING, runs);
        Run assist = runOf(BackgroundActivity.ASSIST, runs);
        int settledSecond = (int) spec.ttl().toSeconds() + SETTLING_SECONDS;
        List<Sample> steadySamples = assist.samples().stream()
                .filter(sample -> sample.second() > settledSecond)
                .toList();
        int averagedSamples = Math.min(AVERAGED_SAMPLES, steadySamples.size());
        double firstAverage = average(steadySamples.subList(0, averagedSamples));
        double lastAverage =
                average(steadySamples.subList(steadySamples.size() - averagedSamples, steadySamples.size()));
        Map<String, Double> ratios = new LinkedHashMap<>();
        ratios.put("assistBacklog", (double)
                steadySamples.stream().mapToLong(Sample::backlog).max().orElse(0));
        ratios.put("assistGrowth", ResultFile.rounded(lastAverage / Math.max(1, firstAverage)));
        ratios.put(
                "assistCores",
                ResultFile.rounded((assist.serverCpuSeconds() - runWithoutSweep.serverCpuSeconds())
                        / spec.duration().toSeconds()));
        return ratios;
    }

    /** Returns the run with an activity. */
    private static Run runOf(BackgroundActivity activity, List<Run> runs) {
        return runs.stream()
                .filter(run -> run.beside().equals(activity.label()))
                .findFirst()
                .orElseThrow();
    }

    /** Compares each ratio with its limit. */
    static Map<String, CheckedBar> check(Map<String, Double> ratios) {
        return CheckedBar.atMost(ratios, LIMITS);
    }

    private static double average(List<Sample> samples) {
        return samples.stream().mapToLong(Sample::backlog).average().orElse(0);
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
