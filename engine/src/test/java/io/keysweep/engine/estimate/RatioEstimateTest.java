package io.keysweep.engine.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests the ratio and the 95 % interval that are estimated from samples, against known results.
 *
 * <p>A sample consists of groups of keys. Each group has a size and a number of hits, for example of dead keys.
 */
final class RatioEstimateTest {

    /** The part of all keys that the samples cover, unless a test says otherwise. */
    private static final double COVERED = 0.1;

    @Test
    void ratio_groupsOfAnySize_isHitsPerSize() {
        RatioEstimate estimate = RatioEstimate.of(List.of(new SampleGroup(10, 2), new SampleGroup(30, 10)), COVERED);

        assertThat(estimate.ratio()).isEqualTo(0.3);
    }

    @Test
    void halfWidth_equalRatios_isZero() {
        RatioEstimate estimate = RatioEstimate.of(List.of(new SampleGroup(10, 2), new SampleGroup(20, 4)), COVERED);

        assertThat(estimate.halfWidth()).isCloseTo(0, within(1e-12));
    }

    @Test
    void halfWidth_everythingCovered_isZero() {
        assertThat(RatioEstimate.of(List.of(new SampleGroup(10, 2), new SampleGroup(10, 9)), /* covered= */ 1)
                        .halfWidth())
                .isZero();
    }

    @Test
    void halfWidth_oneGroup_isInfinite() {
        assertThat(RatioEstimate.of(List.of(new SampleGroup(10, 2)), COVERED).halfWidth())
                .isInfinite();
    }

    @Test
    void standardError_knownSample_followsTheFormula() {
        // The residuals are -1, 1 and 0, so the squared error is 3/2 · 2 / 30², times 1 - 0.1 for the covered keys.
        RatioEstimate estimate = RatioEstimate.of(
                List.of(new SampleGroup(10, 1), new SampleGroup(10, 3), new SampleGroup(10, 2)), COVERED);

        assertThat(estimate.standardError()).isCloseTo(Math.sqrt(0.9 * 1.5 * 2 / 900), within(1e-12));
    }

    @ParameterizedTest
    @CsvSource({"0, 12.706", "1, 12.706", "2, 4.303", "5, 2.571", "10, 2.228", "15, 2.131", "30, 2.042", "120, 1.980"})
    void studentQuantile_tabulatedValue_isReturned(int degreesOfFreedom, double tabulated) {
        assertThat(RatioEstimate.studentQuantile(degreesOfFreedom)).isCloseTo(tabulated, within(0.0006));
    }

    @ParameterizedTest
    @CsvSource({"0.4, 16", "0.4, 60", "0.03, 40"})
    void interval_manySamples_containsTheTruthIn95Percent(double deadShare, int groups) {
        Random random = new Random(7);
        int intervalsWithTruth = 0;
        for (int trial = 0; trial < 1_000; trial++) {
            List<SampleGroup> sample = new ArrayList<>();
            for (int i = 0; i < groups; i++) {
                int size = 400 + random.nextInt(200);
                int dead = 0;
                for (int key = 0; key < size; key++) {
                    dead += random.nextDouble() < deadShare ? 1 : 0;
                }
                sample.add(new SampleGroup(size, dead));
            }
            RatioEstimate estimate = RatioEstimate.of(sample, /* covered= */ 0);
            intervalsWithTruth += Math.abs(estimate.ratio() - deadShare) <= estimate.halfWidth() ? 1 : 0;
        }

        // 950 are expected.
        assertThat(intervalsWithTruth).isBetween(925, 975);
    }
}
