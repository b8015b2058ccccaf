package io.keysweep.cli.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.sweep.MemoryReport;
import io.keysweep.engine.sweep.Purge;
import org.junit.jupiter.api.Test;

/** Tests that memory which a server does not report is unknown, not 0 bytes. */
class MemorySummaryTest {

    private static final MemoryReport WITHOUT_MEMORY = MemoryReport.of(
            ServerInfo.parse("run_id:0f\n"),
            ServerInfo.parse("run_id:0f\n"),
            /* reclaimed= */ 1,
            new Purge(/* done= */ true, "done", /* rssBefore= */ 0, /* rssAfter= */ 0));

    @Test
    void lines_ofAServerThatReportsNoMemory_nameItAsUnknown() {
        assertThat(MemorySummary.lines(WITHOUT_MEMORY))
                .contains(
                        "  memory         unknown: the server does not report it", "  purge          done; RSS unknown")
                .noneMatch(line -> line.contains("  RSS  "));
    }
}
