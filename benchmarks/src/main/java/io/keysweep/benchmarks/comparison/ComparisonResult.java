package io.keysweep.benchmarks.comparison;

import io.keysweep.benchmarks.comparison.ForegroundPass.Foreground;
import io.keysweep.benchmarks.result.Machine;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All of a run, as its file has it.
 *
 * @param name {@code quick}, {@code reference} or another
 * @param commandLine how to do it again
 * @param at when it ended, ISO 8601
 * @param machine where
 * @param server version as the server has it
 * @param clusterMode whether it is a node of a cluster that serves all slots
 * @param ownCore whether the server had the first core to itself
 * @param keySpace what was planted
 * @param rounds how often each contender had its turn
 * @param ratios Keysweep over others, each the median of the rounds' ratios
 * @param bars what ratios must be, for those that have a bar on this version
 * @param contenders all of them, in the order of their turns
 * @param foreground what an application felt; null if that was not asked for
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
        Map<String, Bar.Verdict> bars,
        List<Entry> contenders,
        @Nullable Foreground foreground) {

    /**
     * One contender.
     *
     * @param name its name
     * @param description what it does
     * @param coverage how much of the key space it goes through
     * @param median its figures, each the median of the rounds
     * @param rounds its figures a round
     */
    record Entry(String name, String description, Contender.Coverage coverage, Figures median, List<Figures> rounds) {}
}
