package io.keysweep.benchmarks.assist;

import io.keysweep.benchmarks.result.CheckedBar;
import io.keysweep.benchmarks.result.Machine;
import io.keysweep.benchmarks.result.Median;
import io.keysweep.benchmarks.result.ResultFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * Describes the JSON file that {@code dev/bench assist} writes. Its components are the fields of the file.
 *
 * <p>A contender is a way to reclaim expired keys. A turn is one run of one contender on freshly planted expired keys.
 *
 * @param commandLine the command that repeats the benchmark
 * @param at the end of the last turn, for example {@code 2026-01-31T12:00:00Z}
 * @param machine the machine on which the turns took place
 * @param version the version of the server
 * @param condition what else the server does, see {@link Condition}
 * @param persistent the number of keys without a TTL
 * @param living the number of keys with a TTL that does not end during the benchmark
 * @param rounds the number of rounds
 * @param figures the medians of all rounds, by the number of planted expired keys and by the contender
 * @param ratios a figure of assist divided by the same figure of another contender, by name; see {@link #ratios}
 * @param bars whether each ratio is good enough, by the name of the ratio
 */
record AssistBenchmarkResult(
        String commandLine,
        String at,
        Machine machine,
        String version,
        String condition,
        long persistent,
        long living,
        int rounds,
        Map<Long, Map<String, Turn>> figures,
        Map<String, Double> ratios,
        Map<String, CheckedBar> bars) {

    /**
     * The contender that raises settings of the server for a while, so that the server itself removes more expired
     * keys.
     */
    static final String ASSIST = "assist";

    /** The contender that sweeps: Keysweep scans all keys, at the pace {@code gentle}. */
    static final String GENTLE = "gentle";

    /** The contender that scans all keys in one script. The script blocks the server, and no scan can be faster. */
    static final String LIMIT = "limit";

    /** The contender {@code redis-cli --scan}, which people run from cron. */
    static final String REDIS_CLI = "redis-cli";

    /**
     * The bars: the largest value that each ratio may have. The key is the name of the ratio without {@code At} and the
     * number of keys.
     */
    private static final Map<String, Double> MAX_RATIOS = Map.of(
            "assistSecondsVsGentle", 0.2,
            "assistCpuVsGentle", 0.25,
            "assistCpuVsLimit", 0.5,
            "assistPauseVsGentle", 2.0);

    /**
     * Reports one turn of a contender, or the medians of several.
     *
     * @param secondsToOnePercent the time until at most 1 % of the expired keys were left, s; equal to {@code seconds}
     *     if more of them were left at the end of the turn
     * @param seconds the duration of the turn, s
     * @param serverCpuSeconds the CPU time that the server used during the turn, s
     * @param longestPauseMs the longest uninterrupted time for which the contender kept the server busy, ms: a step of
     *     a sweep, a command, or a cycle of the server's expiry. A cycle below 1 ms is treated as 1 ms.
     * @param callersP99Ms the 99th percentile of the latencies of an application's requests, ms; 0 under all
     *     conditions but {@code traffic}
     * @param left the number of expired keys that were left at the end of the turn
     */
    record Turn(
            double secondsToOnePercent,
            double seconds,
            double serverCpuSeconds,
            double longestPauseMs,
            double callersP99Ms,
            double left) {}

    /**
     * Holds the turns of one round, in which each contender has one turn for each number of expired keys.
     *
     * @param turns the turns, by the number of planted expired keys and by the contender
     */
    record Round(Map<Long, Map<String, Turn>> turns) {

        /** Returns the turn of a contender for a number of expired keys, both of which the round must have. */
        Turn turn(long expired, String contender) {
            return Objects.requireNonNull(
                    Objects.requireNonNull(turns.get(expired)).get(contender));
        }
    }

    /** Returns the median of each figure. */
    static Turn median(List<Turn> turns) {
        return new Turn(
                median(turns, Turn::secondsToOnePercent),
                median(turns, Turn::seconds),
                median(turns, Turn::serverCpuSeconds),
                median(turns, Turn::longestPauseMs),
                median(turns, Turn::callersP99Ms),
                median(turns, Turn::left));
    }

    /**
     * Returns the ratios of all rounds, by name. Each is the median of the ratios of the single rounds. Within a round
     * the two turns of a ratio are minutes apart, so a slow phase of the machine affects both. The name of a ratio ends
     * with the number of expired keys:
     *
     * <ul>
     *   <li>{@code assistSecondsVsGentleAt18000}: seconds of {@link #ASSIST} until 1 % of the expired keys were left,
     *       divided by the seconds of {@link #GENTLE}.
     *   <li>{@code assistSecondsVsRedisCliAt18000}: the same seconds of {@link #ASSIST}, divided by the seconds
     *       of {@link #REDIS_CLI}.
     *   <li>{@code assistCpuVsGentleAt18000} and {@code assistCpuVsLimitAt18000}: CPU time of the server, divided by
     *       its CPU time with {@link #GENTLE} or {@link #LIMIT}.
     *   <li>{@code assistPauseVsGentleAt18000}: the longest pause, divided by the longest pause of {@link #GENTLE}.
     * </ul>
     */
    static Map<String, Double> ratios(List<Round> rounds) {
        Map<String, Double> ratios = new LinkedHashMap<>();
        for (long expired : rounds.getFirst().turns().keySet()) {
            put(ratios, "assistSecondsVsGentle", rounds, expired, GENTLE, Turn::secondsToOnePercent);
            put(ratios, "assistSecondsVsRedisCli", rounds, expired, REDIS_CLI, Turn::secondsToOnePercent);
            put(ratios, "assistCpuVsGentle", rounds, expired, GENTLE, Turn::serverCpuSeconds);
            put(ratios, "assistCpuVsLimit", rounds, expired, LIMIT, Turn::serverCpuSeconds);
            put(ratios, "assistPauseVsGentle", rounds, expired, GENTLE, Turn::longestPauseMs);
        }
        return ratios;
    }

    /** Compares each ratio that has a maximum with that maximum. */
    static Map<String, CheckedBar> check(Map<String, Double> ratios) {
        return CheckedBar.atMost(ratios, MAX_RATIOS);
    }

    /** Adds the ratio of a figure of assist to the same figure of another contender. */
    private static void put(
            Map<String, Double> ratios,
            String name,
            List<Round> rounds,
            long expired,
            String otherContender,
            ToDoubleFunction<Turn> figure) {
        double ratio = median(
                rounds,
                round -> figure.applyAsDouble(round.turn(expired, ASSIST))
                        / figure.applyAsDouble(round.turn(expired, otherContender)));
        ratios.put(name + "At" + expired, ResultFile.rounded(ratio));
    }

    private static <T> double median(List<T> values, ToDoubleFunction<T> figure) {
        return ResultFile.rounded(Median.of(values, figure));
    }
}
