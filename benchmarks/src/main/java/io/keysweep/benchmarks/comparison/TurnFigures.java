package io.keysweep.benchmarks.comparison;

import io.keysweep.benchmarks.result.Median;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Describes the speed, cost and stalls of one turn of a contender, or their medians over the turns of several rounds.
 *
 * <p>A step is a command with which the contender scans keys; see {@link Stalls}.
 *
 * @param seconds the duration of the contender's turn, s
 * @param visited the number of visited keys, at least 1. For native expiry, which does not report visits, it is the
 *     number of reclaimed keys.
 * @param keysPerSecond {@code visited / seconds}
 * @param serverCpuMicrosPerKey CPU time of the server's process per visited key, µs
 * @param bytesPerKey bytes that the server sent per visited key
 * @param stallP50Ms the median duration of a step on the server, ms; null for native expiry, which has no commands
 * @param stallP99Ms the 99th percentile of the duration of a step, ms; null for native expiry
 * @param stallP999Ms the 99.9th percentile of the duration of a step, ms; null for native expiry
 * @param longestStallMs the longest duration of a step, ms; for native expiry the longest cycle of active expiry
 * @param preempted how often the server's main thread was taken off its core while it had work; null on systems that do
 *     not provide the value
 * @param waitedMs how long the server's main thread had work but no core, ms; null on systems that do not provide the
 *     value
 * @param planted the expired keys on the server before the turn
 * @param reclaimed the reclaimed keys: the decrease of the number of keys on the server
 * @param counted the reclaimed keys by the contender's own count; null if the contender does not count
 * @param leftBehind the expired keys that are still on the server after the turn
 */
record TurnFigures(
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

    /** Returns the median of each figure over the rounds. */
    static TurnFigures median(List<TurnFigures> rounds) {
        return new TurnFigures(
                Median.of(rounds, TurnFigures::seconds),
                Median.of(rounds, TurnFigures::visited),
                Median.of(rounds, TurnFigures::keysPerSecond),
                Median.of(rounds, TurnFigures::serverCpuMicrosPerKey),
                Median.of(rounds, TurnFigures::bytesPerKey),
                medianIfAny(rounds, TurnFigures::stallP50Ms),
                medianIfAny(rounds, TurnFigures::stallP99Ms),
                medianIfAny(rounds, TurnFigures::stallP999Ms),
                medianIfAny(rounds, TurnFigures::longestStallMs),
                medianIfAny(rounds, TurnFigures::preempted),
                medianIfAny(rounds, TurnFigures::waitedMs),
                Median.of(rounds, TurnFigures::planted),
                Median.of(rounds, TurnFigures::reclaimed),
                medianIfAny(rounds, TurnFigures::counted),
                Median.of(rounds, TurnFigures::leftBehind));
    }

    /** Returns the median of a figure over the rounds that have it; null if no round has it. */
    private static @Nullable Double medianIfAny(
            List<TurnFigures> rounds, Function<TurnFigures, @Nullable Double> figure) {
        double[] values = rounds.stream()
                .map(figure)
                .filter(value -> value != null)
                .mapToDouble(value -> value)
                .toArray();
        return values.length == 0 ? null : Median.of(values);
    }
}
