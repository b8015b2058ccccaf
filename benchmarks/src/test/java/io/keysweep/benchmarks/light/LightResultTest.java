package io.keysweep.benchmarks.light;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.benchmarks.light.LightResult.Row;
import io.keysweep.benchmarks.light.LightResult.Start;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests the row of the result for several starts of one program: the median, the shortest and the longest time. */
class LightResultTest {

    @Test
    void row_ofOddNumberOfStarts_hasTheMedianAndTheRange() {
        Row row = Row.of(
                "service",
                List.of(
                        new Start(/* seconds= */ 2.5, /* residentMb= */ 200.0),
                        new Start(9.0, 240.0),
                        new Start(2.0, 210.0),
                        new Start(2.25, 190.0),
                        new Start(3.0, 220.0)));

        assertThat(row)
                .isEqualTo(new Row(
                        "service",
                        /* seconds= */ 2.5,
                        /* fastestSeconds= */ 2.0,
                        /* slowestSeconds= */ 9.0,
                        /* residentMb= */ 210.0));
    }

    @Test
    void row_ofEvenNumberOfStarts_hasTheMeanOfTheTwoInTheMiddle() {
        assertThat(Row.of("java", List.of(new Start(0.5, null), new Start(0.25, null))))
                .isEqualTo(new Row(
                        "java",
                        /* seconds= */ 0.375,
                        /* fastestSeconds= */ 0.25,
                        /* slowestSeconds= */ 0.5,
                        /* residentMb= */ null));
    }
}
