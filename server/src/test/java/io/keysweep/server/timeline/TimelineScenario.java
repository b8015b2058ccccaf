package io.keysweep.server.timeline;

import io.keysweep.api.TimelineEventView;
import io.keysweep.server.worker.WorkerIdentity;
import io.keysweep.testkit.Waits;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Provides a database with one active scan of project {@code p}, and the classes that write and read its timeline. */
final class TimelineScenario {

    /** The time at which the scan was created. */
    static final Instant NOW = Instant.parse("2026-11-24T10:00:00.123Z");

    final UUID scanId = UUID.randomUUID();
    final JdbcClient jdbc;
    final Timeline timeline;
    final TimelineReader timelines;
    final HoldEvents holds;
    final TransactionTemplate transaction;
    private final String sessionsThatWait;

    /**
     * Adds the scan and its first event to a database.
     *
     * @param sessionsThatWait statement that counts the sessions that wait for a lock of the current transaction
     */
    TimelineScenario(DataSource database, String sessionsThatWait) {
        this.sessionsThatWait = sessionsThatWait;
        jdbc = JdbcClient.create(database);
        transaction = new TransactionTemplate(new JdbcTransactionManager(database));
        timeline = new Timeline(jdbc, new WorkerIdentity("w1", "host", /* pid= */ 1, "test"));
        timelines = new TimelineReader(jdbc);
        holds = new HoldEvents(jdbc);
        insertScan("p", scanId);
        timeline.add(TimelineEvent.of(scanId, EventType.CREATED, NOW, "AK1", /* why= */ null));
    }

    /** Inserts an active scan, with a new project and a new instance. */
    void insertScan(String project, UUID id) {
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

    /** Waits until a task of another thread waits for a lock of the current transaction, or has ended without it. */
    void awaitWaiting(Future<?> task) {
        Waits.await("the other transaction waits for this one, or has ended")
                .until(() -> task.isDone()
                        || jdbc.sql(sessionsThatWait).query(Integer.class).single() > 0);
    }

    /**
     * Returns an event as the API shows it.
     *
     * @param second seconds after {@link #NOW} at which it began
     * @param until seconds after {@link #NOW} at which it ended, or null
     */
    static TimelineEventView view(
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
}
