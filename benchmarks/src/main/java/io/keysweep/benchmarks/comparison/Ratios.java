package io.keysweep.benchmarks.comparison;

import io.keysweep.benchmarks.result.Median;
import io.keysweep.benchmarks.result.ResultFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Calculates ratios between the figures of two contenders, ways to reclaim expired keys.
 *
 * <p>Only ratios can be compared between machines. The name of a ratio says how it is calculated: for example, {@code
 * fullRateVsLimit} is the rate of the contender {@code full} divided by the rate of the contender {@code limit}.
 */
final class Ratios {

    private final List<ComparisonRound> rounds;
    private final Map<String, Double> ratios = new LinkedHashMap<>();

    private Ratios(List<ComparisonRound> rounds) {
        this.rounds = rounds;
    }

    /**
     * Returns the ratios by name, for example {@code fullRateVsLimit}. Each is the median of the rounds' ratios,
     * because the two figures of one round were measured within minutes. A ratio is missing if one of its contenders
     * did not run. Ratios of rates ({@code Rate}) are better above 1. Ratios of CPU time ({@code Cpu}) and stalls are
     * better below 1. {@code fullBytesPerKey} is not a ratio, but a figure that is the same on all machines: the bytes
     * that the server sends to {@code full} for each key.
     */
    static Map<String, Double> of(List<ComparisonRound> rounds) {
        Ratios ratios = new Ratios(rounds);
        ratios.add("fullRateVsLimit", Contenders.FULL, Contenders.LIMIT, TurnFigures::keysPerSecond);
        ratios.add("fullCpuPerKeyVsLimit", Contenders.FULL, Contenders.LIMIT, TurnFigures::serverCpuMicrosPerKey);
        ratios.add("fullRateVsRedisCli", Contenders.FULL, Contenders.REDIS_CLI, TurnFigures::keysPerSecond);
        ratios.add(
                "fullCpuPerKeyVsRedisCli", Contenders.FULL, Contenders.REDIS_CLI, TurnFigures::serverCpuMicrosPerKey);
        ratios.add("limitRateVsRedisCli", Contenders.LIMIT, Contenders.REDIS_CLI, TurnFigures::keysPerSecond);
        ratios.add(
                "limitCpuPerKeyVsRedisCli", Contenders.LIMIT, Contenders.REDIS_CLI, TurnFigures::serverCpuMicrosPerKey);
        ratios.add("fullRateVsRedisCli1000", Contenders.FULL, Contenders.REDIS_CLI_1000, TurnFigures::keysPerSecond);
        ratios.add(
                "fullLongestStallVsRedisCli1000",
                Contenders.FULL,
                Contenders.REDIS_CLI_1000,
                TurnFigures::longestStallMs);
        ratios.add(
                "noKeysLongestStallVsRedisCli1000",
                Contenders.NO_KEYS,
                Contenders.REDIS_CLI_1000,
                TurnFigures::longestStallMs);
        ratios.add(
                "gentleStallP99VsDcsWay", Contenders.GENTLE_AT_DCS_RATE, Contenders.DCS_WAY, TurnFigures::stallP99Ms);
        ratios.add("gentleRateVsDcsWay", Contenders.GENTLE_AT_DCS_RATE, Contenders.DCS_WAY, TurnFigures::keysPerSecond);
        if (rounds.getFirst().has(Contenders.FULL)) {
            ratios.ratios.put(
                    "fullBytesPerKey",
                    median(rounds, round -> round.of(Contenders.FULL).bytesPerKey()));
        }
        return ratios.ratios;
    }

    /** Adds the median ratio of a figure of one contender to the same figure of another, if both took part. */
    private void add(String name, String contender, String other, Function<TurnFigures, @Nullable Double> figure) {
        if (rounds.getFirst().has(contender) && rounds.getFirst().has(other)) {
            ratios.put(name, median(rounds, round -> value(round, contender, figure) / value(round, other, figure)));
        }
    }

    private static double value(
            ComparisonRound round, String contender, Function<TurnFigures, @Nullable Double> figure) {
        return Objects.requireNonNull(figure.apply(round.of(contender)), contender);
    }

    private static double median(List<ComparisonRound> rounds, Function<ComparisonRound, Double> ratio) {
        return ResultFile.rounded(Median.of(rounds, ratio::apply));
    }
}
