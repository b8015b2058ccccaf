package io.keysweep.benchmarks.comparison;

import io.keysweep.benchmarks.comparison.ForegroundPass.Foreground;
import io.keysweep.benchmarks.result.CheckedBar;
import io.keysweep.benchmarks.result.Machine;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Describes the JSON file that {@code dev/bench quick} and {@code dev/bench reference} write. Its components are the
 * fields of the file.
 *
 * @param name the benchmark, {@code quick} or {@code reference}
 * @param commandLine the command that repeats the run
 * @param at the end of the run, for example {@code 2026-01-31T12:00:00Z}
 * @param machine the machine on which the benchmark ran
 * @param server product and version that the server reports, for example {@code Redis 7.0.15}
 * @param clusterMode whether the server ran in cluster mode with all slots
 * @param ownCore whether the first core was reserved for the server
 * @param keySpace the planted keys
 * @param rounds the number of rounds, in each of which every contender has one turn
 * @param ratios figures of one contender divided by the same figures of another, by name; each the median over the
 *     rounds, see {@link Ratios}
 * @param bars whether the ratios meet their limits ({@link Bar}), by the ratio's name; ratios without one are missing
 * @param contenders the figures of all contenders, in the order of their turns
 * @param foreground the latencies of an application, or null if they were not measured
 */
record ComparisonResult(
        String name,
        String commandLine,
        String at,
        Machine machine,
        String server,
        boolean clusterMode,
        boolean ownCore,
        KeySpaceSize keySpace,
        int rounds,
        Map<String, Double> ratios,
        Map<String, CheckedBar> bars,
        List<Entry> contenders,
        @Nullable Foreground foreground) {

    /**
     * Describes the figures of one contender, one of the compared ways to reclaim expired keys.
     *
     * @param name the name of the contender
     * @param description the description of the contender
     * @param coverage the part of the key space that the contender covers
     * @param median the median of each figure over all rounds
     * @param rounds the figures of each round
     */
    record Entry(
            String name,
            String description,
            Contender.Coverage coverage,
            TurnFigures median,
            List<TurnFigures> rounds) {}
}
