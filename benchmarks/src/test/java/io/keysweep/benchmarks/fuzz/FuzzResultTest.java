package io.keysweep.benchmarks.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests what the fuzzer prints. */
class FuzzResultTest {

    @Test
    void finding_saysHowToRepeatIt_andShowsTheRequest() {
        FuzzRequest request = new FuzzRequest(17, "GET / by NONE []", "GET /\u00FF HTTP/1.1\r\n\r\n", true);
        assertThat(result(new FuzzFinding("status 500", request)).text())
                .startsWith("FINDING status 500\n  repeat with: dev/fuzz --seed 7 --only 17\n  GET / by NONE []\n")
                .contains("  | GET /\\xff HTTP/1.1\\r\\n\n  | \\r\\n\n")
                .endsWith("3,000 requests, 1 findings");
    }

    @Test
    void lastLine_withoutFindings_saysSo() {
        assertThat(new FuzzResult(7, 100, 3_000, Map.of("4xx", 3_000L), "flat", List.of()).text())
                .isEqualTo("100 operations, answers: 4xx 3,000\nheap: flat\n3,000 requests, 0 findings");
    }

    private static FuzzResult result(FuzzFinding finding) {
        return new FuzzResult(7, 100, 3_000, Map.of("4xx", 3_000L), "flat", List.of(finding));
    }
}
