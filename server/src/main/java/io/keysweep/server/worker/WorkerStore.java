package io.keysweep.server.worker;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Stores in SQL which processes of the service exist, in the table {@code worker}.
 *
 * <p>Every process writes its own row, whether it runs sweeps or not. A sweep is the part of a scan that visits one
 * primary. The sweeps that a process runs are read from the permits, because a sweep needs a permit to run, and the
 * permit records the worker.
 */
@Repository
class WorkerStore {

    private final JdbcClient jdbc;

    WorkerStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Writes a heartbeat. Inserts the row of the process at its first heartbeat, and again if another process has
     * removed the row after a long silence.
     *
     * @param worker the process; its {@code heartbeatAt} and {@code sweeps} are not used
     * @param now time of the heartbeat
     */
    void beat(Worker worker, Instant now) {
        int updatedRows = jdbc.sql("update worker set heartbeat_at = :now where id = :id")
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("id", worker.identity().id())
                .update();
        if (updatedRows == 0) {
            jdbc.sql("""
                            insert into worker (id, host, pid, roles, version, threads, heartbeat_ms, started_at,
                                heartbeat_at)
                            values (:id, :host, :pid, :roles, :version, :threads, :heartbeat, :startedAt, :now)
                            """)
                    .param("id", worker.identity().id())
                    .param("host", worker.identity().host())
                    .param("pid", worker.identity().pid())
                    .param("roles", worker.roles())
                    .param("version", worker.identity().version())
                    .param("threads", worker.threads())
                    .param("heartbeat", worker.heartbeat().toMillis())
                    .param("startedAt", worker.startedAt().atOffset(ZoneOffset.UTC))
                    .param("now", now.atOffset(ZoneOffset.UTC))
                    .update();
        }
    }

    /**
     * Sets the threads of all processes except {@code id} to 0. This is right only for an H2 database, which no other
     * process can open, so that no other process runs sweeps.
     */
    void retireOthers(String id) {
        jdbc.sql("update worker set threads = 0 where id <> :id")
                .param("id", id)
                .update();
    }

    /** Removes a process that stops in an orderly way. */
    void remove(String id) {
        jdbc.sql("delete from worker where id = :id").param("id", id).update();
    }

    /** Removes the processes whose last heartbeat is before a time. Their roles do not matter. */
    void removeSilentBefore(Instant moment) {
        jdbc.sql("delete from worker where heartbeat_at < :since")
                .param("since", moment.atOffset(ZoneOffset.UTC))
                .update();
    }

    /** Returns all processes, the oldest first, with the sweeps that they run. */
    List<Worker> list() {
        Map<String, List<Worker.WorkerSweep>> sweepsByWorker = findRunningSweeps();
        return jdbc.sql("select * from worker order by started_at, id")
                .query((row, number) -> new Worker(
                        new WorkerIdentity(
                                row.getString("id"),
                                row.getString("host"),
                                row.getLong("pid"),
                                row.getString("version")),
                        row.getString("roles"),
                        row.getInt("threads"),
                        Duration.ofMillis(row.getLong("heartbeat_ms")),
                        instant(row, "started_at"),
                        instant(row, "heartbeat_at"),
                        sweepsByWorker.getOrDefault(row.getString("id"), List.of())))
                .list();
    }

    /**
     * Returns the running sweeps by the id of their worker, in the order in which they were begun. A permit names its
     * worker from the time that the worker begins the sweep.
     */
    private Map<String, List<Worker.WorkerSweep>> findRunningSweeps() {
        Map<String, List<Worker.WorkerSweep>> sweepsByWorker = new HashMap<>();
        jdbc.sql("""
                        select permit.worker_id, permit.execution, permit.scan_id, scan.instance_id, permit.begun_at
                        from permit join scan on scan.id = permit.scan_id
                        where permit.worker_id is not null order by permit.begun_at, permit.execution
                        """).query((ResultSet row) -> {
            sweepsByWorker
                    .computeIfAbsent(row.getString("worker_id"), id -> new ArrayList<>())
                    .add(new Worker.WorkerSweep(
                            row.getString("execution"),
                            row.getObject("scan_id", UUID.class),
                            row.getObject("instance_id", UUID.class),
                            instant(row, "begun_at")));
        });
        return sweepsByWorker;
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
