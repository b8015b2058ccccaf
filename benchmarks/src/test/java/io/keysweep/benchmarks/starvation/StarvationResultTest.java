package io.keysweep.benchmarks.starvation;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.benchmarks.starvation.StarvationResult.Run;
import io.keysweep.benchmarks.starvation.StarvationResult.Sample;
import io.keysweep.testkit.RedisVersion;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Tests the ratios of {@code dev/bench starvation}, and which of them meet their limits (bars).
 *
 * <p>The ratios show whether assist keeps the backlog (the expired keys in memory) small and steady, and how much CPU
 * time that costs. Assist raises settings with which the server itself removes expired keys.
 */
final class StarvationResultTest {

    private static final StarvationSpec SPEC = new StarvationSpec(
            "dev/bench starvation",
            RedisVersion.REDIS_8_0,
            /* longLived= */ 1_500_000,
            /* inflow= */ 5_000,
            /* valueSize= */ 20,
            /* ttl= */ Duration.ofSeconds(20),
            /* duration= */ Duration.ofSeconds(110),
            /* sweepEvery= */ Duration.ofSeconds(10),
            /* backlogLimit= */ 45_000);

    @Test
    void ratios_ofABacklogThatIsSteadyAfterHalfAMinute_meetAllBars() {
        // Keys expire from second 20 on, and the backlog must be steady from second 50 on. The server uses 11 s of CPU
        // time, which are 8 s more than without assist. In 110 s, that is 0.07273 of a core.
        Map<String, Double> ratios = ratios(second -> second <= 50 ? 60_000 : 38_000, /* assistCpuSeconds= */ 11);

        assertThat(ratios)
                .containsExactly(
                        Map.entry("assistBacklog", 38_000.0),
                        Map.entry("assistGrowth", 1.0),
                        Map.entry("assistCores", 0.07273));
        assertThat(StarvationResult.check(ratios).values()).hasSize(3).allMatch(bar -> bar.met());
    }

    @Test
    void ratios_ofAGrowingBacklogAndMuchCpuTime_missAllBars() {
        // The backlog grows by 1,000 keys per second, and the server uses 17 s more CPU time than without assist.
        Map<String, Double> ratios = ratios(second -> 1_000L * second, /* assistCpuSeconds= */ 20);

        assertThat(ratios.get("assistBacklog")).isEqualTo(110_000);
        assertThat(StarvationResult.check(ratios).values()).hasSize(3).noneMatch(bar -> bar.met());
    }

    /** Returns the ratios of a run with assist that has the given backlog at each second. */
    private static Map<String, Double> ratios(IntToLongFunction backlog, double assistCpuSeconds) {
        return StarvationResult.ratios(
                List.of(
                        run(BackgroundActivity.NOTHING, second -> 5_000L * second, /* serverCpuSeconds= */ 3),
                        run(BackgroundActivity.ASSIST, backlog, assistCpuSeconds)),
                SPEC);
    }

    /** Returns a run whose figures are 0 except for the figures that the ratios need. */
    private static Run run(BackgroundActivity activity, IntToLongFunction backlog, double serverCpuSeconds) {
        List<Sample> samples = IntStream.rangeClosed(1, 110)
                .mapToObj(second -> new Sample(second, /* keys= */ 0, /* living= */ 0, backlog.applyAsLong(second)))
                .toList();
        return new Run(
                activity.label(),
                /* backlogAtEnd= */ 0,
                /* highestBacklog= */ 0,
                /* backlogGrowthPerSecond= */ 0,
                /* expiredKeys= */ 0,
                /* nativeExpiryCpuMs= */ 0,
                serverCpuSeconds,
                samples);
    }
}
