package io.keysweep.benchmarks.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.benchmarks.tls.TlsBenchmarkResult.Figures;
import io.keysweep.benchmarks.tls.TlsBenchmarkResult.Pair;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests that {@code dev/bench tls} divides the figures with TLS by the figures without TLS, and uses medians. */
final class TlsBenchmarkResultTest {

    @Test
    void ratios_ofOneProfile_divideTlsByPlain() {
        Figures plain = new Figures(
                /* keysPerSecond= */ 100,
                /* serverMicrosPerKey= */ 2,
                /* clientMicrosPerKey= */ 1,
                /* microsPerStep= */ 300);
        Figures tls = new Figures(
                /* keysPerSecond= */ 80,
                /* serverMicrosPerKey= */ 2.2,
                /* clientMicrosPerKey= */ 1.5,
                /* microsPerStep= */ 330);

        assertThat(TlsBenchmarkResult.ratios(Map.of("gentle", new Pair(plain, tls))))
                .containsExactly(
                        Map.entry("gentleRate", 0.8),
                        Map.entry("gentleServerCpu", 1.1),
                        Map.entry("gentleClientCpu", 1.5),
                        Map.entry("gentleStepCpu", 1.1));
    }

    @Test
    void median_ofThreeSweeps_isTheMiddleValueOfEachFigure() {
        // The medians come from different sweeps.
        assertThat(TlsBenchmarkResult.median(
                        List.of(new Figures(1, 9, 5, 2), new Figures(2, 8, 4, 1), new Figures(3, 7, 6, 3))))
                .isEqualTo(new Figures(2, 8, 5, 2));
    }
}
