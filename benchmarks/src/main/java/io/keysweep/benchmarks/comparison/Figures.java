package io.keysweep.benchmarks.comparison;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Holds the figures of one contender in one round, or their medians over several rounds.
 *
 * @param seconds the duration of the run, s
 * @param visited the visited keys: the whole key space if the contender covers it; for native expiry the reclaimed keys
 * @param keysPerSecond {@code visited / seconds}
 * @param serverCpuMicrosPerKey CPU time of the server's process per visited key, µs
 * @param bytesPerKey bytes that the server sent per visited key
 * @param stallP50Ms the median duration of a step on the server, ms; null for native expiry, which has no commands
 * @param stallP99Ms the 99th percentile of that duration, ms
 * @param stallP999Ms the 99.9th percentile of that duration, ms
 * @param longestStallMs the longest duration of a step, ms
 * @param preempted how often the server's main thread was taken off its core while it had work; null on systems that do
 *     not provide the value
 * @param waitedMs how long that thread had work but no core, ms; null on systems that do not provide the value
 * @param planted the expired keys on the server before the run
 * @param reclaimed the decrease of the number of keys on the server
 * @param counted the reclaimed keys by the contender's own count; null if it does not count
 * @param leftBehind the expired keys on the server after the run
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

    /** Returns the median of each figure. */
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

    /** Returns the median of the values; for an even number of values the mean of the two middle ones. */
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
