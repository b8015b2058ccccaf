package io.keysweep.benchmarks.assist;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.benchmarks.assist.AssistBenchmarkResult.Round;
import io.keysweep.benchmarks.assist.AssistBenchmarkResult.Turn;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Tests the ratios and medians of {@code dev/bench assist}, and which of them meet their limits (bars).
 *
 * <p>In each round, several contenders (ways to remove expired keys) have one turn each. A ratio divides a figure of
 * assist by the same figure of another contender. Assist raises settings with which the server itself removes expired
 * keys.
 */
final class AssistBenchmarkResultTest {

    @Test
    void ratios_ofSeveralRounds_areMediansOfTheRatiosOfRounds() {
        // The figures of a turn are seconds, CPU seconds and the longest pause in milliseconds. The third round is slow
        // for all contenders, so it hardly changes the ratios.
        Map<String, Double> ratios = AssistBenchmarkResult.ratios(List.of(
                round(turn(1, 0.4, 1), turn(10, 2, 1)),
                round(turn(1, 0.5, 2), turn(10, 2, 1)),
                round(turn(20, 9, 3), turn(100, 30, 1))));

        assertThat(ratios)
                .containsEntry("assistSecondsVsGentleAt6000", 0.1)
                .containsEntry("assistCpuVsGentleAt6000", 0.25)
                .containsEntry("assistPauseVsGentleAt6000", 2.0)
                .containsEntry("assistCpuVsLimitAt6000", 0.25)
                .containsEntry("assistSecondsVsRedisCliAt6000", 0.1)
                .hasSize(5);
    }

    @Test
    void check_ofRatiosWithAndWithoutALimit_saysWhichMeetTheirLimit() {
        // The ratio is at its limit.
        assertThat(AssistBenchmarkResult.check(Map.of("assistSecondsVsGentleAt6000", 0.2)))
                .hasEntrySatisfying(
                        "assistSecondsVsGentleAt6000", bar -> assertThat(bar).hasToString("<= 0.2  met"));

        // The ratio is above its limit.
        assertThat(AssistBenchmarkResult.check(Map.of("assistCpuVsLimitAt6000", 0.51)))
                .hasEntrySatisfying(
                        "assistCpuVsLimitAt6000", bar -> assertThat(bar).hasToString("<= 0.5  MISSED"));

        // The ratio has no limit.
        assertThat(AssistBenchmarkResult.check(Map.of("assistSecondsVsRedisCliAt6000", 9.0)))
                .isEmpty();
    }

    @Test
    void median_evenNumberOfTurns_isTheMeanOfTheTwoMiddleTurns() {
        assertThat(AssistBenchmarkResult.median(List.of(turn(1, 1, 1), turn(2, 3, 5))))
                .isEqualTo(turn(1.5, 2, 3));
    }

    /** Returns a round with 6,000 expired keys, in which all contenders but assist have the same turn. */
    private static Round round(Turn assist, Turn otherContenders) {
        return new Round(Map.of(
                6_000L,
                Map.of(
                        "assist", assist,
                        "gentle", otherContenders,
                        "limit", otherContenders,
                        "redis-cli", otherContenders)));
    }

    /** Returns a turn that has removed all expired keys when it ends. */
    private static Turn turn(double seconds, double serverCpuSeconds, double longestPauseMs) {
        return new Turn(
                /* secondsToOnePercent= */ seconds,
                seconds,
                serverCpuSeconds,
                longestPauseMs,
                /* callersP99Ms= */ 0,
                /* left= */ 0);
    }
}
