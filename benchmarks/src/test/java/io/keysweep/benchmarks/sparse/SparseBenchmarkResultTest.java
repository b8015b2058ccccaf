package io.keysweep.benchmarks.sparse;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.benchmarks.sparse.SparseBenchmarkResult.SweepFigures;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Tests the ratios and medians of {@code dev/bench sparse}, and which of them meet their limits (bars).
 *
 * <p>In the key space {@code noTtl} no key has a TTL. In {@code fewDead} a few keys have expired, and no other key has
 * a TTL. The number of visited keys of {@code fewDead} has no bar, because the sweep ends after the last expired key,
 * wherever that is.
 */
final class SparseBenchmarkResultTest {

    @Test
    void ratios_ofBothKeySpaces_meetTheirBars() {
        SweepFigures noTtl = new SweepFigures(/* visited= */ 0, /* seconds= */ 0.1, /* secondsAfterLastKey= */ 0.1);
        SweepFigures fewDead = new SweepFigures(/* visited= */ 750, /* seconds= */ 4, /* secondsAfterLastKey= */ 0.3);

        Map<String, Double> ratios = SparseBenchmarkResult.ratios(
                Map.of("noTtl", noTtl, "fewDead", fewDead), /* persistent= */ 900, /* expired= */ 100);

        assertThat(ratios)
                .containsEntry("noTtlVisitedPerKey", 0.0)
                .containsEntry("fewDeadVisitedPerKey", 0.75)
                .containsEntry("fewDeadSecondsAfterLastKey", 0.3);
        assertThat(SparseBenchmarkResult.check(ratios))
                .containsOnlyKeys("noTtlVisitedPerKey", "fewDeadSecondsAfterLastKey")
                .allSatisfy((name, bar) -> assertThat(bar.met()).isTrue());
    }

    @Test
    void check_keysVisitedAlthoughNoneHasATtl_missesItsBar() {
        assertThat(SparseBenchmarkResult.check(Map.of("noTtlVisitedPerKey", 0.001)))
                .allSatisfy((name, bar) -> assertThat(bar.met()).isFalse());
    }

    @Test
    void median_ofSeveralSweeps_isTakenForEachFigure() {
        List<SweepFigures> sweeps =
                List.of(new SweepFigures(3, 1, 9), new SweepFigures(1, 2, 7), new SweepFigures(2, 3, 8));

        assertThat(SparseBenchmarkResult.median(sweeps)).isEqualTo(new SweepFigures(2, 2, 8));
    }
}
