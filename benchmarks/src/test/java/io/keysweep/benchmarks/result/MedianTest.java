package io.keysweep.benchmarks.result;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Tests the median of odd and even numbers of values. */
final class MedianTest {

    @Test
    void median_oddNumberOfValues_isTheOneInTheMiddle() {
        assertThat(Median.of(9, 1, 5)).isEqualTo(5);
    }

    @Test
    void median_evenNumberOfValues_isTheMeanOfTheTwoInTheMiddle() {
        assertThat(Median.of(9, 1, 5, 3)).isEqualTo(4);
    }
}
