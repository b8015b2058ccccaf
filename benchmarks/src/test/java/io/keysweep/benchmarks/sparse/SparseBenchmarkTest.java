package io.keysweep.benchmarks.sparse;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.benchmarks.sparse.SparseBenchmark.Pass;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SparseBenchmarkTest {

    @Test
    void ratios_bothKeySpaces_areVisitsPerKeyAndTheTimeAfterTheLastKey() {
        Map<String, Double> ratios = SparseBenchmark.ratios(
                Map.of("noTtl", new Pass(0, 0.1, 0.1), "fewDead", new Pass(750, 4, 0.3)), 900, 100);
        assertThat(ratios)
                .containsEntry("noTtlVisitedPerKey", 0.0)
                .containsEntry("fewDeadVisitedPerKey", 0.75)
                .containsEntry("fewDeadSecondsAfterLastKey", 0.3);
        assertThat(SparseBenchmark.check(ratios))
                .containsOnlyKeys("noTtlVisitedPerKey", "fewDeadSecondsAfterLastKey")
                .allSatisfy((name, bar) -> assertThat(bar.met()).isTrue());
    }

    @Test
    void check_keyVisitedWithoutATtl_isMissed() {
        assertThat(SparseBenchmark.check(Map.of("noTtlVisitedPerKey", 0.001)))
                .allSatisfy((name, bar) -> assertThat(bar.met()).isFalse());
    }

    @Test
    void median_ofPasses_isTakenForEachFigure() {
        assertThat(SparseBenchmark.median(List.of(new Pass(3, 1, 9), new Pass(1, 2, 7), new Pass(2, 3, 8))))
                .isEqualTo(new Pass(2, 2, 8));
    }
}
