package io.keysweep.benchmarks.comparison;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What one contender did in one round, or the median of several.
 *
 * @param seconds from its start to its end
 * @param visited keys visited: all of the key space where all of it was walked; for native expiry, which visits no
 *     other, the reclaimed ones
 * @param keysPerSecond {@code visited} over {@code seconds}
 * @param serverCpuMicrosPerKey CPU time of the server's process over {@code visited}, µs
 * @param bytesPerKey bytes that the server has sent over {@code visited}
 * @param stallP50Ms one step on the server, median, ms; null where no command is at work
 * @param stallP99Ms the same, 99th percentile
 * @param stallP999Ms the same, 99.9th percentile
 * @param longestStallMs the longest one, ms
 * @param preempted how often the server's main thread was taken off its core while it had work; null where the system does
 *     not tell
 * @param waitedMs how long that thread had work but no core, ms; null where the system does not tell
 * @param planted expired keys that were there before
 * @param reclaimed how many keys fewer the server held afterwards
 * @param counted expired keys that the contender counts as reclaimed; null if it does not count
 * @param leftBehind expired keys still in memory
 */
record Figures(
        double seconds,
        double visited,
        double keysPerSecond,
        double serverCpuMicrosPerKey,
        double bytesPerKey,
        @Nullable Double stallP50Ms,
        @Nullable Double stallP99Ms,
        @Nullable Double stallP999Ms,
        @Nullable Double longestStallMs,
        @Nullable Double preempted,
        @Nullable Double waitedMs,
        double planted,
        double reclaimed,
        @Nullable Double counted,
        double leftBehind) {

    /** Field by field, the median of the rounds. */
    static Figures median(List<Figures> rounds) {
        return new Figures(
                median(rounds, Figures::seconds),
                median(rounds, Figures::visited),
                median(rounds, Figures::keysPerSecond),
                median(rounds, Figures::serverCpuMicrosPerKey),
                median(rounds, Figures::bytesPerKey),
                medianIfAny(rounds, Figures::stallP50Ms),
                medianIfAny(rounds, Figures::stallP99Ms),
                medianIfAny(rounds, Figures::stallP999Ms),
                medianIfAny(rounds, Figures::longestStallMs),
                medianIfAny(rounds, Figures::preempted),
                medianIfAny(rounds, Figures::waitedMs),
                median(rounds, Figures::planted),
                median(rounds, Figures::reclaimed),
                medianIfAny(rounds, Figures::counted),
                median(rounds, Figures::leftBehind));
    }

    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static double median(List<Figures> rounds, ToDoubleFunction<Figures> figure) {
        return median(rounds.stream().mapToDouble(figure).toArray());
    }

    private static @Nullable Double medianIfAny(List<Figures> rounds, Function<Figures, @Nullable Double> figure) {
        double[] values = rounds.stream()
                .map(figure)
                .filter(value -> value != null)
                .mapToDouble(value -> value)
                .toArray();
        return values.length == 0 ? null : median(values);
    }
}
