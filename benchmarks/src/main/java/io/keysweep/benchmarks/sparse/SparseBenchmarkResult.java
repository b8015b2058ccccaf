package io.keysweep.benchmarks.sparse;

import io.keysweep.benchmarks.result.CheckedBar;
import io.keysweep.benchmarks.result.Machine;
import io.keysweep.benchmarks.result.Median;
import io.keysweep.benchmarks.result.ResultFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Describes the JSON file that {@code dev/bench sparse} writes. Its components are the fields of the file.
 *
 * @param commandLine the command that repeats the benchmark
 * @param at the end of the last sweep, for example {@code 2026-01-31T12:00:00Z}
 * @param machine the machine on which the sweeps took place
 * @param version the version of the server
 * @param persistent the number of keys without a TTL
 * @param expired the number of expired keys that the second key space has in addition; no other key has a TTL
 * @param rounds the number of sweeps of each key space
 * @param figures the median figures, by key space: {@code noTtl} and {@code fewDead}
 * @param ratios the figures that have a limit, by name; see {@link #ratios}
 * @param bars whether each ratio meets its limit, by the name of the ratio
 */
record SparseBenchmarkResult(
        String commandLine,
        String at,
        Machine machine,
        String version,
        long persistent,
        long expired,
        int rounds,
        Map<String, SweepFigures> figures,
        Map<String, Double> ratios,
        Map<String, CheckedBar> bars) {

    /** The name of the key space in which no key has a TTL. */
    static final String NO_TTL = "noTtl";

    /** The name of the key space that also has a few expired keys. */
    static final String FEW_DEAD = "fewDead";

    /**
     * The longest good time from the removal of the last key with a TTL to the end of the sweep, s. A sweep reads INFO
     * every 250 ms, and confirms a reading without such a key before it ends.
     */
    private static final double MAX_SECONDS_AFTER_LAST_KEY = 0.75;

    /**
     * Reports one sweep, or the medians of several.
     *
     * @param visited the visited keys
     * @param seconds the duration of the sweep, s
     * @param secondsAfterLastKey the time from the moment at which the server first reported no key with a TTL to the
     *     end of the sweep, s; the duration of the sweep if no key had a TTL
     */
    record SweepFigures(double visited, double seconds, double secondsAfterLastKey) {}

    /** Returns the median of each figure. */
    static SweepFigures median(List<SweepFigures> sweeps) {
        return new SweepFigures(
                median(sweeps, SweepFigures::visited),
                median(sweeps, SweepFigures::seconds),
                median(sweeps, SweepFigures::secondsAfterLastKey));
    }

    /**
     * Returns the figures that can be compared between machines:
     *
     * <ul>
     *   <li>{@code noTtlVisitedPerKey}: visited keys divided by all keys, where no key has a TTL. It must be 0.
     *   <li>{@code fewDeadVisitedPerKey}: visited keys divided by all keys, where a few keys have expired. It depends
     *       on the place of the last expired key, so it has no limit.
     *   <li>{@code fewDeadSecondsAfterLastKey}: no ratio, but the seconds from the removal of the last key with a TTL
     *       to the end of the sweep.
     * </ul>
     */
    static Map<String, Double> ratios(Map<String, SweepFigures> figures, long persistent, long expired) {
        Map<String, Double> ratios = new LinkedHashMap<>();
        SweepFigures withoutTtl = figures.getOrDefault(NO_TTL, new SweepFigures(0, 0, 0));
        SweepFigures withFewExpired = figures.getOrDefault(FEW_DEAD, new SweepFigures(0, 0, 0));
        ratios.put("noTtlVisitedPerKey", ResultFile.rounded(withoutTtl.visited() / persistent));
        ratios.put("fewDeadVisitedPerKey", ResultFile.rounded(withFewExpired.visited() / (persistent + expired)));
        ratios.put("fewDeadSecondsAfterLastKey", ResultFile.rounded(withFewExpired.secondsAfterLastKey()));
        return ratios;
    }

    /** Compares each figure that has a limit with that limit. */
    static Map<String, CheckedBar> check(Map<String, Double> ratios) {
        return CheckedBar.atMost(
                ratios, Map.of("noTtlVisitedPerKey", 0.0, "fewDeadSecondsAfterLastKey", MAX_SECONDS_AFTER_LAST_KEY));
    }

    private static double median(List<SweepFigures> sweeps, ToDoubleFunction<SweepFigures> figure) {
        return ResultFile.rounded(Median.of(sweeps, figure));
    }
}
