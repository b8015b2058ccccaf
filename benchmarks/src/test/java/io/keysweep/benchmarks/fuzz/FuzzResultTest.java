package io.keysweep.benchmarks.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests the text that the fuzzer prints at the end of a run. */
class FuzzResultTest {

    @Test
    void text_withAFinding_saysHowToRepeatItAndShowsTheRequest() {
        // After this request, the fuzzer closes its output.
        FuzzRequest request = new FuzzRequest(
                /* number= */ 17, "GET / by NONE []", "GET /\u00FF HTTP/1.1\r\n\r\n", /* endsOutput= */ true);
        assertThat(result(new FuzzFinding("status 500", request)).text())
                .startsWith("FINDING status 500\n  repeat with: dev/fuzz --seed 7 --only 17\n  GET / by NONE []\n")
                .contains("  | GET /\\xff HTTP/1.1\\r\\n\n  | \\r\\n\n")
                .endsWith("3,000 requests, 1 findings");
    }

    @Test
    void text_withoutFindings_isTheSummary() {
        assertThat(result().text())
                .isEqualTo("100 operations, answers: 4xx 3,000\nheap: flat\n3,000 requests, 0 findings");
    }

    /** Returns the result of a run with these findings. */
    private static FuzzResult result(FuzzFinding... findings) {
        return new FuzzResult(
                /* seed= */ 7,
                /* operations= */ 100,
                /* requests= */ 3_000,
                /* answers= */ Map.of("4xx", 3_000L),
                /* heap= */ "flat",
                List.of(findings));
    }
}
