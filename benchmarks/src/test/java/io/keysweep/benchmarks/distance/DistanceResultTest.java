package io.keysweep.benchmarks.distance;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.benchmarks.distance.DistanceResult.Figures;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests the ratios of a profile over a distance, and their bars. */
final class DistanceResultTest {

    @Test
    void check_farSweepIsMuchSlowerAndOverItsShare_missesThoseBarsOnly() {
        Map<String, Double> ratios = DistanceResult.ratios(Map.of(
                "gentle",
                List.of(
                        new Figures(
                                /* roundTripMs= */ 0,
                                /* keysPerSecond= */ 100_000,
                                /* stepP99Ms= */ 0.5,
                                /* serverCpuShare= */ 0.24,
                                /* shareCeiling= */ 0.25),
                        new Figures(20, 60_000, 0.5, 0.3, 0.25))));

        assertThat(ratios)
                .containsExactly(
                        Map.entry("gentleRateAt20ms", 0.6),
                        Map.entry("gentleStepP99At20ms", 1.0),
                        Map.entry("gentleShareAt20ms", 1.2));
        assertThat(DistanceResult.check(ratios))
                .allSatisfy((name, bar) -> assertThat(bar.met()).isEqualTo(name.contains("StepP99")));
    }
}
