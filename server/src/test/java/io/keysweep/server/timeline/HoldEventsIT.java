package io.keysweep.server.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.api.TimelineEventView;
import io.keysweep.server.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the events of project holds and global holds in the timelines of the scans that they stop. */
@ParameterizedClass
@ValueSource(strings = {"h2", "postgresql"})
class HoldEventsIT {

    private final String dialect;
    private TimelineScenario scenario;
    private Timeline timeline;
    private TimelineReader timelines;
    private HoldEvents holds;
    private UUID scanId;

    HoldEventsIT(String dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        scenario = new TimelineScenario(TestDatabase.create(dialect, folder), TestDatabase.sessionsThatWait(dialect));
        timeline = scenario.timeline;
        timelines = scenario.timelines;
        holds = scenario.holds;
        scanId = scenario.scanId;
    }

    @Test
    void holds_areAddedToActiveScansInTheirScope_andEndWithTheRelease() {
        // There is a scan of another project, and one that has ended.
        UUID scanOfOtherProject = UUID.randomUUID();
        UUID endedScan = UUID.randomUUID();
        scenario.insertScan("q", scanOfOtherProject);
        scenario.insertScan("r", endedScan);
        scenario.jdbc
                .sql("update scan set active_instance_id = null where id = ?")
                .param(endedScan)
                .update();

        // A hold of the project, and one of all projects that is replaced and then released.
        holds.addHold("project", "p", "AK1", "freeze", TimelineScenario.NOW.plusSeconds(1));
        holds.addHold("all", /* projectId= */ null, "AK2", "incident", TimelineScenario.NOW.plusSeconds(2));
        holds.addHold("all", /* projectId= */ null, "AK3", "incident 8", TimelineScenario.NOW.plusSeconds(3));
        holds.addRelease("all", /* projectId= */ null, "AK4", TimelineScenario.NOW.plusSeconds(4));

        assertThat(timelines.of(scanId).events().stream().skip(1))
                .containsExactly(
                        TimelineScenario.view("held", 1, /* until= */ null, "AK1", "freeze", "project"),
                        TimelineScenario.view("held", 2, 3L, "AK2", "incident", "all"),
                        TimelineScenario.view("held", 3, 4L, "AK3", "incident 8", "all"),
                        TimelineScenario.view("released", 4, /* until= */ null, "AK4", /* why= */ null, "all"));
        assertThat(timelines.of(scanOfOtherProject).events())
                .extracting(TimelineEventView::type)
                .containsExactly("held", "held", "released");
        assertThat(timelines.of(endedScan).events()).isEmpty();

        // A second release finds no hold.
        holds.addRelease("all", /* projectId= */ null, "AK5", TimelineScenario.NOW.plusSeconds(5));
        assertThat(timelines.of(scanOfOtherProject).events()).hasSize(3);
    }

    /** The transaction that ends a scan locks the scan, and then closes the events of its timeline. */
    @Test
    void hold_thatIsReplacedWhileAScanEnds_causesNoDeadlock() throws Exception {
        holds.addHold("all", /* projectId= */ null, "AK1", /* why= */ null, TimelineScenario.NOW);
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            Future<?> hold = scenario.transaction.execute(status -> {
                scenario.jdbc
                        .sql("update scan set active_instance_id = null where id = ?")
                        .param(scanId)
                        .update();

                // The new hold waits for this transaction.
                Future<?> started =
                        threads.submit(() -> scenario.transaction.executeWithoutResult(ignored -> holds.addHold(
                                "all",
                                /* projectId= */ null,
                                "AK2",
                                /* why= */ null,
                                TimelineScenario.NOW.plusSeconds(1))));
                scenario.awaitWaiting(started);
                timeline.closeAll(scanId, TimelineScenario.NOW.plusSeconds(1));
                return started;
            });
            assertThat(hold).succeedsWithin(Duration.ofSeconds(30));
        }
    }
}
