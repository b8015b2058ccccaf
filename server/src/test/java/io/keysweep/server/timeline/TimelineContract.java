package io.keysweep.server.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.api.TimelineEventView;
import io.keysweep.api.TimelineView;
import io.keysweep.server.worker.WorkerIdentity;
import io.keysweep.testkit.Waits;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Tests the timelines of scans, on each database that the service supports.
 *
 * <p>A timeline lists the events of a scan: what happened, when, by whom and why.
 */
abstract class TimelineContract {

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00.123Z");
    private static final String NODE = "127.0.0.1:6379";
    private static final Set<EventType> HOLDS = Set.of(EventType.HELD, EventType.NODE_LOST);

    /** If a timeline has this many events, only a cancel, the timeout and the end are still added. */
    private static final int OTHERS_LIMIT = 900;

    private final UUID scanId = UUID.randomUUID();
    private JdbcClient jdbc;
    private Timeline timeline;
    private HoldEvents holds;
    private TransactionTemplate transaction;

    /** Returns an empty database with the current schema. */
    abstract DataSource dataSource();

    /** Returns the statement that counts the sessions that wait for a lock of the current transaction. */
    abstract String sessionsThatWait();

    @BeforeEach
    void open() {
        DataSource database = dataSource();
        jdbc = JdbcClient.create(database);
        transaction = new TransactionTemplate(new JdbcTransactionManager(database));
        timeline = new Timeline(jdbc, new WorkerIdentity("w1", "host", /* pid= */ 1, "test"));
        holds = new HoldEvents(jdbc);
        insertScan("p", scanId);
        timeline.add(TimelineEvent.of(scanId, EventType.CREATED, NOW, "AK1", /* why= */ null));
    }

    @Test
    void events_ofAScan_areInOrder_andNameCallerAndReasonWithEscapes() {
        timeline.add(TimelineEvent.of(scanId, EventType.PAUSED, NOW.plusSeconds(1), "AK2", "night\u001b[2J\u0000ly"));
        timeline.close(scanId, Set.of(EventType.PAUSED), /* nodeId= */ null, NOW.plusSeconds(5));
        timeline.add(TimelineEvent.of(scanId, EventType.RESUMED, NOW.plusSeconds(5), "AK3", /* why= */ null));

        assertThat(timeline.of(scanId).events())
                .containsExactly(
                        view("created", 0, /* until= */ null, "AK1", /* why= */ null, /* scope= */ null),
                        view("paused", 1, 5L, "AK2", "night\\u001b[2J\\u0000ly", /* scope= */ null),
                        view("resumed", 5, /* until= */ null, "AK3", /* why= */ null, /* scope= */ null));
    }

    /** The clock of the worker that takes over is behind the clock of the previous worker. */
    @Test
    void events_ofWorkersWithDifferentClocks_keepOrderWithoutNegativeDurations() {
        timeline.add(TimelineEvent.of(scanId, EventType.PAUSED, NOW.plusSeconds(30), "AK2", /* why= */ null));
        timeline.close(scanId, Set.of(EventType.PAUSED), /* nodeId= */ null, NOW.plusSeconds(10));
        timeline.add(TimelineEvent.of(scanId, EventType.RESUMED, NOW.plusSeconds(10), "AK3", /* why= */ null));

        assertThat(timeline.of(scanId).events())
                .containsExactly(
                        view("created", 0, /* until= */ null, "AK1", /* why= */ null, /* scope= */ null),
                        view("paused", 30, 30L, "AK2", /* why= */ null, /* scope= */ null),
                        view("resumed", 10, /* until= */ null, "AK3", /* why= */ null, /* scope= */ null));
    }

    @Test
    void nodeEvent_thatRecursWithinAMinute_isOneEvent_andLaterANewOne() {
        // The same kind of hold begins and ends every ten seconds, with other figures. All of it is one event.
        for (int i = 0; i < 5; i++) {
            begin("replica lags by " + i + " MB", 10 + 10 * i);
            begin("replica lags by 99 MB", 11 + 10 * i);
            timeline.close(scanId, HOLDS, NODE, NOW.plusSeconds(12 + 10 * i));
        }

        // The next hold begins more than a minute later.
        begin("replica lags by 7 MB", 500);
        begin("writes are paused", 501);

        assertThat(timeline.of(scanId).events().stream().skip(1))
                .extracting(event -> event.why() + " " + event.times() + " " + event.until())
                .containsExactly(
                        "replica lags by 0 MB 5 " + NOW.plusSeconds(52),
                        "replica lags by 7 MB 1 " + NOW.plusSeconds(501),
                        "writes are paused 1 null");

        timeline.closeAll(scanId, NOW.plusSeconds(600));
        assertThat(timeline.of(scanId).events().getLast().until()).isEqualTo(NOW.plusSeconds(600));
    }

    @Test
    void timeline_thatIsFull_countsWhatItOmits_andStillHasTheEnd() {
        // The timeline has room for one more event about a primary. Of three restarts, two are omitted.
        fillUpTo(EventType.LIMIT_OF_PRIMARIES - 1);
        for (int i = 0; i < 3; i++) {
            timeline.add(TimelineEvent.ofNode(scanId, EventType.RESTARTED, NOW, NODE, /* why= */ null));
        }

        // The timeline has room for one more event of other kinds. Of three changes of the pace, two are omitted, and
        // so is the hold.
        fillUpTo(OTHERS_LIMIT - 1);
        for (int i = 0; i < 3; i++) {
            timeline.add(TimelineEvent.of(scanId, EventType.TUNED, NOW, "AK", /* why= */ null));
        }
        holds.addHold("all", /* projectId= */ null, "AK", /* why= */ null, NOW);

        // The cancel and the end are stored above that limit.
        timeline.add(TimelineEvent.of(scanId, EventType.CANCELLED, NOW, "AK", /* why= */ null));
        timeline.add(TimelineEvent.of(scanId, EventType.ENDED, NOW.plusSeconds(1), /* by= */ null, "Cancelled by AK"));

        TimelineView full = timeline.of(scanId);
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
        timeline.add(TimelineEvent.of(scanId, EventType.ENDED, NOW, /* by= */ null, /* why= */ null));

        assertThat(timeline.of(scanId).events()).hasSize(Timeline.MAX_EVENTS);
    }

    @Test
    void holds_areAddedToActiveScansInTheirScope_andEndWithTheRelease() {
        // There is a scan of another project, and one that has ended.
        UUID scanOfOtherProject = UUID.randomUUID();
        UUID endedScan = UUID.randomUUID();
        insertScan("q", scanOfOtherProject);
        insertScan("r", endedScan);
        jdbc.sql("update scan set active_instance_id = null where id = ?")
                .param(endedScan)
                .update();

        // A hold of the project, and one of all projects that is replaced and then released.
        holds.addHold("project", "p", "AK1", "freeze", NOW.plusSeconds(1));
        holds.addHold("all", /* projectId= */ null, "AK2", "incident", NOW.plusSeconds(2));
        holds.addHold("all", /* projectId= */ null, "AK3", "incident 8", NOW.plusSeconds(3));
        holds.addRelease("all", /* projectId= */ null, "AK4", NOW.plusSeconds(4));

        assertThat(timeline.of(scanId).events().stream().skip(1))
                .containsExactly(
                        view("held", 1, /* until= */ null, "AK1", "freeze", "project"),
                        view("held", 2, 3L, "AK2", "incident", "all"),
                        view("held", 3, 4L, "AK3", "incident 8", "all"),
                        view("released", 4, /* until= */ null, "AK4", /* why= */ null, "all"));
        assertThat(timeline.of(scanOfOtherProject).events())
                .extracting(TimelineEventView::type)
                .containsExactly("held", "held", "released");
        assertThat(timeline.of(endedScan).events()).isEmpty();

        // A second release finds no hold.
        holds.addRelease("all", /* projectId= */ null, "AK5", NOW.plusSeconds(5));
        assertThat(timeline.of(scanOfOtherProject).events()).hasSize(3);
    }

    /** The transaction that ends a scan locks the scan, and then closes the events of its timeline. */
    @Test
    void hold_thatIsReplacedWhileAScanEnds_causesNoDeadlock() throws Exception {
        holds.addHold("all", /* projectId= */ null, "AK1", /* why= */ null, NOW);
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            Future<?> hold = transaction.execute(status -> {
                jdbc.sql("update scan set active_instance_id = null where id = ?")
                        .param(scanId)
                        .update();

                // The new hold waits for this transaction.
                Future<?> started = threads.submit(() -> transaction.executeWithoutResult(ignored ->
                        holds.addHold("all", /* projectId= */ null, "AK2", /* why= */ null, NOW.plusSeconds(1))));
                awaitWaiting(started);
                timeline.closeAll(scanId, NOW.plusSeconds(1));
                return started;
            });
            assertThat(hold).succeedsWithin(Duration.ofSeconds(30));
        }
    }

    @Test
    void timeout_ofTwoSweepsAtTheSameTime_isOneEvent() throws Exception {
        TimelineEvent expired = TimelineEvent.of(scanId, EventType.EXPIRED, NOW, "worker", "Timed out");
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            Future<?> second = transaction.execute(status -> {
                timeline.addOnce(expired);
                Future<?> started =
                        threads.submit(() -> transaction.executeWithoutResult(ignored -> timeline.addOnce(expired)));
                awaitWaiting(started);
                return started;
            });
            assertThat(second).succeedsWithin(Duration.ofSeconds(30));
        }

        assertThat(timeline.of(scanId).events())
                .extracting(TimelineEventView::type)
                .containsOnlyOnce("expired");
    }

    /** Each worker of the scan reports the same failure of a server that never comes back. The timeline has it once. */
    @Test
    void addIfNew_withTheSameReasonAgain_addsNoSecondEvent() {
        for (String why : List.of("hz may still be 500", "hz may still be 500", "hz 10 is back")) {
            transaction.executeWithoutResult(
                    status -> timeline.addIfNew(TimelineEvent.of(scanId, EventType.SETTINGS_BACK, NOW, "worker", why)
                            .withDetail("192.0.2.1:6379, raised since yesterday")));
        }

        assertThat(timeline.of(scanId).events())
                .filteredOn(event -> event.type().equals("settings-back"))
                .extracting(TimelineEventView::why)
                .containsExactlyInAnyOrder("hz may still be 500", "hz 10 is back");
    }

    @Test
    void events_areDeletedWithTheirScan() {
        jdbc.sql("delete from scan where id = ?").param(scanId).update();
        assertThat(timeline.of(scanId)).isEqualTo(new TimelineView(List.of(), 0));
    }

    /** Waits until a task of another thread waits for a lock of the current transaction, or has ended without it. */
    private void awaitWaiting(Future<?> task) {
        Waits.await("the other transaction waits for this one, or has ended")
                .until(() -> task.isDone()
                        || jdbc.sql(sessionsThatWait()).query(Integer.class).single() > 0);
    }

    /**
     * Adds events until the timeline has a number of them. Copies rows in SQL, because single inserts would be slow.
     */
    private void fillUpTo(int events) {
        timeline.add(TimelineEvent.of(scanId, EventType.ROUND, NOW, /* by= */ null, /* why= */ null));
        for (int stored = count(); stored < events; stored = count()) {
            jdbc.sql("insert into scan_event (scan_id, type, began_at)"
                            + " select scan_id, 'round', began_at from scan_event where scan_id = :scanId"
                            + " limit :missing")
                    .param("scanId", scanId)
                    .param("missing", events - stored)
                    .update();
        }
    }

    /** Returns how many events of the scan are stored. */
    private int count() {
        return jdbc.sql("select count(*) from scan_event where scan_id = :scanId")
                .param("scanId", scanId)
                .query(Integer.class)
                .single();
    }

    /** Begins a hold some seconds after {@link #NOW}. */
    private void begin(String reason, int second) {
        timeline.begin(TimelineEvent.ofNode(scanId, EventType.HELD, NOW.plusSeconds(second), NODE, reason), HOLDS);
    }

    /**
     * Returns an event as the API shows it.
     *
     * @param second seconds after {@link #NOW} at which it began
     * @param until seconds after {@link #NOW} at which it ended, or null
     */
    private static TimelineEventView view(
            String type, int second, @Nullable Long until, String by, @Nullable String why, @Nullable String scope) {
        return new TimelineEventView(
                type,
                NOW.plusSeconds(second),
                until == null ? null : NOW.plusSeconds(until),
                by,
                why,
                /* detail= */ null,
                scope,
                /* nodeId= */ null,
                /* times= */ 1);
    }

    /** Inserts an active scan, with a new project and a new instance. */
    private void insertScan(String project, UUID id) {
        UUID instanceId = UUID.randomUUID();
        jdbc.sql("insert into project (id, name, created_at) values (?, ?, current_timestamp)")
                .params(project, project)
                .update();
        jdbc.sql("insert into instance (id, project_id, name, uri, created_at)"
                        + " values (?, ?, 'i', 'redis://127.0.0.1', current_timestamp)")
                .params(instanceId, project)
                .update();
        jdbc.sql("insert into scan (id, instance_id, active_instance_id, scan_type, state, timeout_seconds, created_at)"
                        + " values (?, ?, ?, 'manual', 'running', 60, current_timestamp)")
                .params(id, instanceId, instanceId)
                .update();
    }
}
