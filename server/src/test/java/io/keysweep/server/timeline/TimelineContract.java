package io.keysweep.server.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.api.TimelineEventView;
import io.keysweep.api.TimelineView;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Tests the timelines of scans, on each database that the service supports.
 *
 * <p>A timeline lists the events of a scan: what happened, when, by whom and why.
 */
abstract class TimelineContract {

    private static final String NODE = "127.0.0.1:6379";
    private static final Set<EventType> HOLDS = Set.of(EventType.HELD, EventType.NODE_LOST);

    /** If a timeline has this many events, only a cancel, the timeout and the end are still added. */
    private static final int OTHERS_LIMIT = 900;

    private TimelineScenario scenario;
    private Timeline timeline;
    private TimelineReader timelines;
    private HoldEvents holds;
    private UUID scanId;

    /** Returns an empty database with the current schema. */
    abstract DataSource dataSource();

    /** Returns the statement that counts the sessions that wait for a lock of the current transaction. */
    abstract String sessionsThatWait();

    @BeforeEach
    void open() {
        scenario = new TimelineScenario(dataSource(), sessionsThatWait());
        timeline = scenario.timeline;
        timelines = scenario.timelines;
        holds = scenario.holds;
        scanId = scenario.scanId;
    }

    @Test
    void events_ofAScan_areInOrder_andNameCallerAndReasonWithEscapes() {
        timeline.add(TimelineEvent.of(
                scanId, EventType.PAUSED, TimelineScenario.NOW.plusSeconds(1), "AK2", "night\u001b[2J\u0000ly"));
        timeline.close(scanId, Set.of(EventType.PAUSED), /* nodeId= */ null, TimelineScenario.NOW.plusSeconds(5));
        timeline.add(TimelineEvent.of(
                scanId, EventType.RESUMED, TimelineScenario.NOW.plusSeconds(5), "AK3", /* why= */ null));

        assertThat(timelines.of(scanId).events())
                .containsExactly(
                        TimelineScenario.view(
                                "created", 0, /* until= */ null, "AK1", /* why= */ null, /* scope= */ null),
                        TimelineScenario.view("paused", 1, 5L, "AK2", "night\\u001b[2J\\u0000ly", /* scope= */ null),
                        TimelineScenario.view(
                                "resumed", 5, /* until= */ null, "AK3", /* why= */ null, /* scope= */ null));
    }

    /** The clock of the worker that takes over is behind the clock of the previous worker. */
    @Test
    void events_ofWorkersWithDifferentClocks_keepOrderWithoutNegativeDurations() {
        timeline.add(TimelineEvent.of(
                scanId, EventType.PAUSED, TimelineScenario.NOW.plusSeconds(30), "AK2", /* why= */ null));
        timeline.close(scanId, Set.of(EventType.PAUSED), /* nodeId= */ null, TimelineScenario.NOW.plusSeconds(10));
        timeline.add(TimelineEvent.of(
                scanId, EventType.RESUMED, TimelineScenario.NOW.plusSeconds(10), "AK3", /* why= */ null));

        assertThat(timelines.of(scanId).events())
                .containsExactly(
                        TimelineScenario.view(
                                "created", 0, /* until= */ null, "AK1", /* why= */ null, /* scope= */ null),
                        TimelineScenario.view("paused", 30, 30L, "AK2", /* why= */ null, /* scope= */ null),
                        TimelineScenario.view(
                                "resumed", 10, /* until= */ null, "AK3", /* why= */ null, /* scope= */ null));
    }

    @Test
    void nodeEvent_thatRecursWithinAMinute_isOneEvent_andLaterANewOne() {
        // The same kind of hold begins and ends every ten seconds, with other figures. All of it is one event.
        for (int i = 0; i < 5; i++) {
            begin("replica lags by " + i + " MB", 10 + 10 * i);
            begin("replica lags by 99 MB", 11 + 10 * i);
            timeline.close(scanId, HOLDS, NODE, TimelineScenario.NOW.plusSeconds(12 + 10 * i));
        }

        // The next hold begins more than a minute later.
        begin("replica lags by 7 MB", 500);
        begin("writes are paused", 501);

        assertThat(timelines.of(scanId).events().stream().skip(1))
                .extracting(event -> event.why() + " " + event.times() + " " + event.until())
                .containsExactly(
                        "replica lags by 0 MB 5 " + TimelineScenario.NOW.plusSeconds(52),
                        "replica lags by 7 MB 1 " + TimelineScenario.NOW.plusSeconds(501),
                        "writes are paused 1 null");

        timeline.closeAll(scanId, TimelineScenario.NOW.plusSeconds(600));
        assertThat(timelines.of(scanId).events().getLast().until()).isEqualTo(TimelineScenario.NOW.plusSeconds(600));
    }

    @Test
    void timeline_thatIsFull_countsWhatItOmits_andStillHasTheEnd() {
        // The timeline has room for one more event about a primary. Of three restarts, two are omitted.
        fillUpTo(EventType.LIMIT_OF_PRIMARIES - 1);
        for (int i = 0; i < 3; i++) {
            timeline.add(
                    TimelineEvent.ofNode(scanId, EventType.RESTARTED, TimelineScenario.NOW, NODE, /* why= */ null));
        }

        // The timeline has room for one more event of other kinds. Of three changes of the pace, two are omitted, and
        // so is the hold.
        fillUpTo(OTHERS_LIMIT - 1);
        for (int i = 0; i < 3; i++) {
            timeline.add(TimelineEvent.of(scanId, EventType.TUNED, TimelineScenario.NOW, "AK", /* why= */ null));
        }
        holds.addHold("all", /* projectId= */ null, "AK", /* why= */ null, TimelineScenario.NOW);

        // The cancel and the end are stored above that limit.
        timeline.add(TimelineEvent.of(scanId, EventType.CANCELLED, TimelineScenario.NOW, "AK", /* why= */ null));
        timeline.add(TimelineEvent.of(
                scanId, EventType.ENDED, TimelineScenario.NOW.plusSeconds(1), /* by= */ null, "Cancelled by AK"));

        TimelineView full = timelines.of(scanId);
        assertThat(full.events()).hasSize(OTHERS_LIMIT + 2);
        assertThat(full.omitted()).isEqualTo(2 + 2 + 1);
        assertThat(full.events().stream().skip(full.events().size() - 2))
                .extracting(TimelineEventView::type)
                .containsExactly("cancelled", "ended");
        assertThat(full.events())
                .extracting(TimelineEventView::type)
                .containsOnlyOnce("tuned")
                .containsOnlyOnce("restarted");

        // At the maximum, even the end is omitted.
        fillUpTo(Timeline.MAX_EVENTS);
        timeline.add(TimelineEvent.of(scanId, EventType.ENDED, TimelineScenario.NOW, /* by= */ null, /* why= */ null));

        assertThat(timelines.of(scanId).events()).hasSize(Timeline.MAX_EVENTS);
    }

    @Test
    void timeout_ofTwoSweepsAtTheSameTime_isOneEvent() throws Exception {
        TimelineEvent expired =
                TimelineEvent.of(scanId, EventType.EXPIRED, TimelineScenario.NOW, "worker", "Timed out");
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            Future<?> second = scenario.transaction.execute(status -> {
                timeline.addOnce(expired);
                Future<?> started = threads.submit(
                        () -> scenario.transaction.executeWithoutResult(ignored -> timeline.addOnce(expired)));
                scenario.awaitWaiting(started);
                return started;
            });
            assertThat(second).succeedsWithin(Duration.ofSeconds(30));
        }

        assertThat(timelines.of(scanId).events())
                .extracting(TimelineEventView::type)
                .containsOnlyOnce("expired");
    }

    /** Each worker of the scan reports the same failure of a server that never comes back. The timeline has it once. */
    @Test
    void addIfNew_withTheSameReasonAgain_addsNoSecondEvent() {
        for (String why : List.of("hz may still be 500", "hz may still be 500", "hz 10 is back")) {
            scenario.transaction.executeWithoutResult(status -> timeline.addIfNew(
                    TimelineEvent.of(scanId, EventType.SETTINGS_BACK, TimelineScenario.NOW, "worker", why)
                            .withDetail("192.0.2.1:6379, raised since yesterday")));
        }

        assertThat(timelines.of(scanId).events())
                .filteredOn(event -> event.type().equals("settings-back"))
                .extracting(TimelineEventView::why)
                .containsExactlyInAnyOrder("hz may still be 500", "hz 10 is back");
    }

    @Test
    void events_areDeletedWithTheirScan() {
        scenario.jdbc.sql("delete from scan where id = ?").param(scanId).update();
        assertThat(timelines.of(scanId)).isEqualTo(new TimelineView(List.of(), 0));
    }

    /**
     * Adds events until the timeline has a number of them. Copies rows in SQL, because single inserts would be slow.
     */
    private void fillUpTo(int events) {
        timeline.add(TimelineEvent.of(scanId, EventType.ROUND, TimelineScenario.NOW, /* by= */ null, /* why= */ null));
        for (int stored = count(); stored < events; stored = count()) {
            scenario.jdbc
                    .sql("insert into scan_event (scan_id, type, began_at)"
                            + " select scan_id, 'round', began_at from scan_event where scan_id = :scanId"
                            + " limit :missing")
                    .param("scanId", scanId)
                    .param("missing", events - stored)
                    .update();
        }
    }

    /** Returns how many events of the scan are stored. */
    private int count() {
        return scenario.jdbc
                .sql("select count(*) from scan_event where scan_id = :scanId")
                .param("scanId", scanId)
                .query(Integer.class)
                .single();
    }

    /** Begins a hold some seconds after {@link TimelineScenario#NOW}. */
    private void begin(String reason, int second) {
        timeline.begin(
                TimelineEvent.ofNode(scanId, EventType.HELD, TimelineScenario.NOW.plusSeconds(second), NODE, reason),
                HOLDS);
    }
}
