package io.keysweep.benchmarks.distance;

import io.keysweep.benchmarks.result.CheckedBar;
import io.keysweep.benchmarks.result.Machine;
import io.keysweep.benchmarks.result.ResultFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Describes the JSON file that {@code dev/bench distance} writes. Its components are the fields of the file.
 *
 * @param commandLine the command that repeats the benchmark
 * @param at the end of the last sweep, for example {@code 2026-01-31T12:00:00Z}
 * @param machine the machine on which the sweeps took place
 * @param version the version of the server
 * @param persistent the number of keys without a TTL with the gentle profile, see {@link
 *     io.keysweep.benchmarks.server.BenchmarkedProfile#keysFactor}
 * @param expired the number of expired keys before each sweep with the gentle profile
 * @param figures the median figures of all rounds, by profile; in the order of the round trips, shortest first
 * @param ratios the figures with a delay compared with the figures without a delay, by name; see {@link #ratios}
 * @param bars whether each ratio is good enough, by the name of the ratio
 */
record DistanceResult(
        String commandLine,
        String at,
        Machine machine,
        String version,
        long persistent,
        long expired,
        Map<String, List<Figures>> figures,
        Map<String, Double> ratios,
        Map<String, CheckedBar> bars) {

    /**
     * The highest good ratio of the 99th percentiles of the time of a step. Steps must not become longer with the
     * distance. The tenth above 1 allows for noise.
     */
    private static final double MAX_STEP_RATIO = 1.1;

    /** The highest good ratio of the server's share: a distant sweep must not take more than its profile allows. */
    private static final double MAX_SHARE_RATIO = 1;

    /**
     * Reports one sweep, or the medians of several.
     *
     * @param roundTripMs the delay of a command and its reply together, ms
     * @param keysPerSecond visited keys per second
     * @param stepP99Ms the 99th percentile of the time of a step by the server's own statistics, ms
     * @param serverCpuShare the CPU time of the server divided by the duration of the sweep
     * @param shareCeiling the largest part of the time of the server's main thread that the profile allows, 0 to 1
     */
    record Figures(
            double roundTripMs, double keysPerSecond, double stepP99Ms, double serverCpuShare, double shareCeiling) {}

    /**
     * Returns the ratios of all profiles and round trips:
     *
     * <ul>
     *   <li>{@code gentleRateAt20ms}: visited keys per second, divided by the visited keys per second without a delay.
     *   <li>{@code gentleStepP99At20ms}: the 99th percentile of the time of a step on the server, divided by this
     *       percentile without a delay.
     *   <li>{@code gentleShareAt20ms}: the server's CPU time as a part of the duration, divided by the share ceiling of
     *       the profile.
     * </ul>
     *
     * @param figures the figures by profile, the figures without a delay first
     */
    static Map<String, Double> ratios(Map<String, List<Figures>> figures) {
        Map<String, Double> ratios = new LinkedHashMap<>();
        figures.forEach((profile, sweeps) -> {
            Figures nearSweep = sweeps.getFirst();
            for (Figures distantSweep : sweeps.subList(1, sweeps.size())) {
                String distance = "At" + Math.round(distantSweep.roundTripMs()) + "ms";
                ratios.put(
                        profile + "Rate" + distance,
                        ResultFile.rounded(distantSweep.keysPerSecond() / nearSweep.keysPerSecond()));
                ratios.put(
                        profile + "StepP99" + distance,
                        ResultFile.rounded(distantSweep.stepP99Ms() / nearSweep.stepP99Ms()));
                ratios.put(
                        profile + "Share" + distance,
                        ResultFile.rounded(distantSweep.serverCpuShare() / distantSweep.shareCeiling()));
            }
        });
        return ratios;
    }

    /** Compares each ratio with its limit, which follows from the name of the ratio. */
    static Map<String, CheckedBar> check(Map<String, Double> ratios) {
        Map<String, CheckedBar> checks = new LinkedHashMap<>();
        ratios.forEach((name, ratio) -> {
            int position = name.lastIndexOf("At");
            int roundTripMs = Integer.parseInt(name.substring(position + 2, name.length() - 2));
            if (name.contains("StepP99")) {
                checks.put(name, CheckedBar.atMost(ratio, MAX_STEP_RATIO));
            } else if (name.contains("Share")) {
                checks.put(name, CheckedBar.atMost(ratio, MAX_SHARE_RATIO));
            } else {
                checks.put(name, CheckedBar.atLeast(ratio, minRateRatio(roundTripMs)));
            }
        });
        return checks;
    }

    /** Returns the lowest good ratio of the rate; a sweep over a longer round trip may be slower. */
    private static double minRateRatio(int roundTripMs) {
        if (roundTripMs <= 2) {
            return 0.85;
        }
        return roundTripMs <= 20 ? 0.7 : 0.4;
    }
}
