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

/** Tests the ratios of the run with assist, and their bars. */
final class StarvationResultTest {

    private static final StarvationSpec SPEC = new StarvationSpec(
            "dev/bench starvation",
            RedisVersion.REDIS_8_0,
            1_500_000,
            5_000,
            20,
            Duration.ofSeconds(20),
            Duration.ofSeconds(110),
            Duration.ofSeconds(10),
            45_000);

    @Test
    void ratios_backlogIsFlatAfterHalfAMinute_meetAllBars() {
        Map<String, Double> ratios = ratios(second -> second <= 50 ? 60_000 : 38_000, 11);

        assertThat(ratios)
                .containsExactly(
                        Map.entry("assistBacklog", 38_000.0),
                        Map.entry("assistGrowth", 1.0),
                        Map.entry("assistCores", 0.07273));
        assertThat(StarvationResult.check(ratios).values()).hasSize(3).allMatch(bar -> bar.met());
    }

    @Test
    void ratios_backlogGrowsAtMuchCpu_missAllBars() {
        Map<String, Double> ratios = ratios(second -> 1_000L * second, 20);

        assertThat(ratios.get("assistBacklog")).isEqualTo(110_000);
        assertThat(StarvationResult.check(ratios).values()).hasSize(3).noneMatch(bar -> bar.met());
    }

    private static Map<String, Double> ratios(IntToLongFunction backlog, double assistCpuSeconds) {
        return StarvationResult.ratios(
                List.of(
                        run(BackgroundActivity.NOTHING, second -> 5_000L * second, 3),
                        run(BackgroundActivity.ASSIST, backlog, assistCpuSeconds)),
                SPEC);
    }

    private static Run run(BackgroundActivity activity, IntToLongFunction backlog, double serverCpuSeconds) {
        List<Sample> samples = IntStream.rangeClosed(1, 110)
                .mapToObj(second -> new Sample(second, 0, 0, backlog.applyAsLong(second)))
                .toList();
        return new Run(activity.label(), 0, 0, 0, 0, 0, serverCpuSeconds, samples);
    }
}
