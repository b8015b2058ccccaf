package io.keysweep.benchmarks.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.testkit.ServiceJvm;
import org.junit.jupiter.api.Test;

/** Runs {@code dev/fuzz --short} with the packaged service. */
class FuzzIT {

    @Test
    void run_threeThousandMutatedRequests_findsNoFault() throws Exception {
        FuzzSpec spec = new FuzzSpec(
                ServiceJvm.packaged(), FuzzSamples.DCS_TABLE, /* seed= */ 1, /* first= */ 0, /* requests= */ 3_000);
        FuzzResult result = new FuzzRun(spec, sent -> {}).run();

        assertThat(result.text()).endsWith("\n3,000 requests, 0 findings");
        assertThat(result.operations()).isGreaterThan(100);

        // Faults behind the first checks of an operation show only if many requests pass these checks.
        assertThat(result.answers().get("2xx")).isGreaterThan(300);
    }
}
