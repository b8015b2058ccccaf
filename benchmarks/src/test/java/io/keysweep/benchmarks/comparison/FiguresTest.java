package io.keysweep.benchmarks.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Tests the median of measured values. */
class FiguresTest {

    @Test
    void median_oddAndEvenNumberOfValues_isMiddleValueOrMeanOfTheTwo() {
        assertThat(Figures.median(9, 1, 5)).isEqualTo(5);
        assertThat(Figures.median(9, 1, 5, 3)).isEqualTo(4);
    }
}
