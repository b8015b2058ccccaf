package io.keysweep.cli.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.sweep.SweepReport.Ending;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SweepSummaryTest {

    @Test
    void lines_completedSweep_tellEverything() {
        assertThat(SweepSummary.lines(Reports.report(Ending.COMPLETED, /* exact= */ true)))
                .containsExactly(
                        "Swept 127.0.0.1:6379 (Redis 7.0.15): done in 1.50 s.",
                        "  reclaimed      100,000 expired keys (exact)",
                        "  visited        300,000 keys, 200,000 keys/s",
                        "  memory         41.2 MiB -> 27.9 MiB (13.3 MiB less)",
                        "  longest stall  1.2 ms in 1,234 steps",
                        "  method         script: scripts are allowed",
                        "  db 0           visited 200,000, reclaimed 90,000",
                        "  db 3           visited 100,000, reclaimed 10,000");
    }

    @ParameterizedTest
    @CsvSource({"TIMED_OUT, timed out after 1.50 s", "CANCELLED, interrupted after 1.50 s"})
    void lines_sweepThatEndedEarly_saySo(Ending ending, String words) {
        assertThat(SweepSummary.lines(Reports.report(ending, /* exact= */ true)).getFirst())
                .contains(words)
                .contains("not every key was visited");
    }

    @Test
    void lines_countInDoubt_isCalledEstimated() {
        assertThat(SweepSummary.lines(Reports.report(Ending.COMPLETED, /* exact= */ false)))
                .anyMatch(line -> line.contains("(estimated"));
    }
}
