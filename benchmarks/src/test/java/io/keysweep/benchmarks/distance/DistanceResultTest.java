package io.keysweep.benchmarks.distance;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.benchmarks.distance.DistanceResult.Figures;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests the ratios that compare a distant sweep with a near one, and which ratios miss their limits. */
final class DistanceResultTest {

    @Test
    void check_ofADistantSweepThatIsTooSlowAndAboveItsShare_missesTheseTwoBars() {
        Figures nearSweep = figures(/* roundTripMs= */ 0, /* keysPerSecond= */ 100_000, /* serverCpuShare= */ 0.24);
        Figures distantSweep = figures(/* roundTripMs= */ 20, /* keysPerSecond= */ 60_000, /* serverCpuShare= */ 0.3);
        Map<String, Double> ratios = DistanceResult.ratios(Map.of("gentle", List.of(nearSweep, distantSweep)));

        assertThat(ratios)
                .containsExactly(
                        Map.entry("gentleRateAt20ms", 0.6),
                        Map.entry("gentleStepP99At20ms", 1.0),
                        Map.entry("gentleShareAt20ms", 1.2));

        // Only the ratio of the step times meets its bar.
        assertThat(DistanceResult.check(ratios))
                .allSatisfy((name, bar) -> assertThat(bar.met())
                        .as("whether the ratio %s meets its bar", name)
                        .isEqualTo(name.contains("StepP99")));
    }

    /** Returns the figures of a sweep with the share of the profile gentle, whose steps take 0.5 ms at most. */
    private static Figures figures(double roundTripMs, double keysPerSecond, double serverCpuShare) {
        return new Figures(roundTripMs, keysPerSecond, /* stepP99Ms= */ 0.5, serverCpuShare, /* shareCeiling= */ 0.25);
    }
}
