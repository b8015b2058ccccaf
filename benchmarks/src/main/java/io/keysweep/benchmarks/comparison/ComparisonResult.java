package io.keysweep.benchmarks.comparison;

import io.keysweep.benchmarks.comparison.ForegroundPass.Foreground;
import io.keysweep.benchmarks.result.Machine;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Holds the results of a comparison; its components are the fields of the JSON file.
 *
 * @param name {@code quick}, {@code reference} or another
 * @param commandLine the command that repeats the run
 * @param at the time of the end, ISO 8601
 * @param machine the machine of the run
 * @param server product and version that the server reports
 * @param clusterMode whether the server ran in cluster mode with all slots
 * @param ownCore whether the first core was reserved for the server
 * @param keySpace the planted keys
 * @param rounds the number of rounds
 * @param ratios Keysweep's figures divided by those of others, each the median of the rounds' ratios
 * @param bars the checks of ratios that have a bar on this version
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
        Map<String, Bar.BarCheck> bars,
        List<Entry> contenders,
        @Nullable Foreground foreground) {

    /**
     * Holds the figures of one contender.
     *
     * @param name the name of the contender
     * @param description the description of the contender
     * @param coverage the part of the key space that the contender covers
     * @param median the medians of the rounds
     * @param rounds the figures of each round
     */
    record Entry(String name, String description, Contender.Coverage coverage, Figures median, List<Figures> rounds) {}
}
