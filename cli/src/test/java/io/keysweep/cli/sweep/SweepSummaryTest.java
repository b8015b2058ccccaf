package io.keysweep.cli.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.plan.DatabaseCoverage;
import io.keysweep.engine.sweep.Purge;
import io.keysweep.engine.sweep.SweepReport.Ending;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the text that {@code keysweep sweep} prints at the end of a sweep of one server. */
final class SweepSummaryTest {

    @Test
    void lines_completedSweep_haveTheWholeReport() {
        assertThat(SweepSummary.lines(Reports.report(Ending.COMPLETED, /* exact= */ true)))
                .containsExactly(
                        "Swept 127.0.0.1:6379 (Redis 7.0.15): done in 1.50 s.",
                        "  reclaimed      100,000 expired keys (exact)",
                        "  visited        300,000 keys, 200,000 keys/s",
                        "  memory         41.2 MiB -> 27.9 MiB (13.3 MiB less)",
                        "  RSS            57.2 MiB -> 55.3 MiB (1.9 MiB less), fragmentation 1.39 -> 1.98",
                        "  by reclaiming  about 13.3 MiB (measured as the fall in key memory)",
                        "  keys           320,000 -> 220,488, with a TTL 120,000 -> 20,000",
                        "  meanwhile      net inflow 500 keys (created less deleted), 12 expired elsewhere, 0 evicted",
                        "  longest stall  1.2 ms in 1,234 steps",
                        "  method         script: scripts are allowed",
                        "  db 0           visited 200,000, reclaimed 90,000, keys 210,000 -> 120,000,"
                                + " with a TTL 100,000 -> 10,000",
                        "  db 3           visited 100,000, reclaimed 10,000, keys 110,000 -> 100,488,"
                                + " with a TTL 20,000 -> 10,000");
    }

    @Test
    void lines_databasesWithoutTtl_nameTheReason() {
        SortedMap<Integer, DatabaseCoverage> coverage = new TreeMap<>(
                Map.of(0, DatabaseCoverage.VISITED, 3, DatabaseCoverage.NO_TTL, 5, DatabaseCoverage.NO_TTL));
        assertThat(SweepSummary.lines(Reports.report(Ending.COMPLETED, /* exact= */ true, coverage)))
                .endsWith(
                        "  db 0           visited 200,000, reclaimed 90,000, keys 210,000 -> 120,000,"
                                + " with a TTL 100,000 -> 10,000",
                        "  db 3           visited 100,000, reclaimed 10,000, keys 110,000 -> 100,488,"
                                + " with a TTL 20,000 -> 10,000; covered, as no key with a TTL was left",
                        "  db 5           visited 0, reclaimed 0, keys 0 -> 0, with a TTL 0 -> 0;"
                                + " covered, as no key with a TTL was left");
    }

    @ParameterizedTest
    @CsvSource({"TIMED_OUT, timed out after 1.50 s", "CANCELLED, interrupted after 1.50 s"})
    void lines_sweepThatEndedEarly_nameTheReason(Ending ending, String words) {
        assertThat(SweepSummary.lines(Reports.report(ending, /* exact= */ true)).getFirst())
                .contains(words)
                .contains("not every key was visited");
    }

    @Test
    void memory_purged_hasTheChangeOfRss() {
        Purge successfulPurge =
                new Purge(/* done= */ true, "done", /* rssBefore= */ 58_000_000, /* rssAfter= */ 40_000_000);
        assertThat(MemorySummary.lines(Reports.memory(successfulPurge)))
                .contains("  purge          RSS 55.3 MiB -> 38.1 MiB (17.2 MiB less)");

        Purge refusedPurge = new Purge(/* done= */ false, "no right", /* rssBefore= */ 1, /* rssAfter= */ 1);
        assertThat(MemorySummary.lines(Reports.memory(refusedPurge))).contains("  purge          not done: no right");
    }

    @Test
    void memory_noAnswerAtTheEnd_hasNoChange() {
        assertThat(MemorySummary.lines(Reports.memoryUnknownAfter()))
                .hasSize(3)
                .startsWith("  memory         41.2 MiB before; at the end the server did not answer")
                .anyMatch(line -> line.contains("the mean size of a key before"))
                .anyMatch(line -> line.contains("unknown how many other keys"));
        assertThat(MemorySummary.keys(Reports.memoryUnknownAfter(), 0)).isEmpty();
    }

    @Test
    void lines_uncertainStep_isCalledEstimated() {
        assertThat(SweepSummary.lines(Reports.report(Ending.COMPLETED, /* exact= */ false)))
                .anyMatch(line -> line.contains("(estimated"));
    }
}
