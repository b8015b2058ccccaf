package io.keysweep.server.metrics;

import io.keysweep.server.instance.RaisedServers;
import io.keysweep.server.worker.HeartbeatRule;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Counts instances, scans, sweeps, processes, webhooks and cliffs in SQL, for the gauges of the whole service.
 *
 * <p>A scan removes the expired keys of an instance; it consists of one sweep for each primary. The class only reads
 * tables, which other packages write. Thread-safe.
 */
@Repository
class FleetStore {

    private final JdbcClient jdbc;
    private final BacklogReader backlog;
    private final RaisedServers raisedServers;

    FleetStore(JdbcClient jdbc, BacklogReader backlog, RaisedServers raisedServers) {
        this.jdbc = jdbc;
        this.backlog = backlog;
        this.raisedServers = raisedServers;
    }

    /**
     * Returns the current value of every gauge. Reads each table with one query, and the documents of new estimates
     * with further queries.
     *
     * @throws org.springframework.dao.DataAccessException if the database cannot be read
     */
    Map<FleetGauge, Double> count(Instant now) {
        Map<FleetGauge, Double> counts = new EnumMap<>(FleetGauge.class);
        countInstances(counts);
        countScans(counts, now);
        countPermits(counts, now);
        countWorkers(counts, now);
        countWebhooks(counts);
        countCliffs(counts, now);
        counts.put(FleetGauge.RAISED_SERVERS, (double) raisedServers.countLeftovers());
        backlog.addTo(counts);
        return counts;
    }

    /** Counts all instances, and the instances whose last inspection has stored a problem. */
    private void countInstances(Map<FleetGauge, Double> counts) {
        read("select count(*) as found, count(problem) as refused from instance", row -> {
            counts.put(FleetGauge.INSTANCES, row.getDouble("found"));
            counts.put(FleetGauge.INSTANCES_REFUSED, row.getDouble("refused"));
        });
    }

    /**
     * Counts the active scans by state. A scan that a user has paused is counted as paused, and as nothing else. A scan
     * that a hold of its project or of all projects stops is counted as waiting or running. The column {@code
     * active_instance_id} is set while a scan is active.
     */
    private void countScans(Map<FleetGauge, Double> counts, Instant now) {
        read("""
                select count(case when paused_at is null and state = 'waiting' then 1 end) as waiting,
                    count(case when paused_at is null and state = 'running' then 1 end) as running,
                    count(paused_at) as paused, min(paused_at) as oldest
                from scan where active_instance_id is not null
                """, row -> {
            counts.put(FleetGauge.SCANS_WAITING, row.getDouble("waiting"));
            counts.put(FleetGauge.SCANS_RUNNING, row.getDouble("running"));
            counts.put(FleetGauge.SCANS_PAUSED, row.getDouble("paused"));
            counts.put(FleetGauge.SCAN_PAUSED_SECONDS, secondsSince(row, "oldest", now));
        });
    }

    /**
     * Counts the sweeps that have a permit to run, and the sweeps that wait for one. The column {@code queued_at}
     * contains the time at which a sweep has entered the queue; rows of an earlier version have only the age of their
     * scan. The longest wait leaves out the sweeps of a scan that has a permit for another sweep: the scan of a large
     * cluster makes progress while most of its sweeps wait.
     */
    private void countPermits(Map<FleetGauge, Double> counts, Instant now) {
        read("""
                select count(granted_at) as running, count(case when granted_at is null then 1 end) as waiting,
                    min(case when granted_at is null and not exists (
                        select 1 from permit other
                            where other.scan_id = permit.scan_id and other.granted_at is not null)
                        then coalesce(queued_at, age) end) as oldest
                from permit
                """, row -> {
            counts.put(FleetGauge.SWEEPS_RUNNING, row.getDouble("running"));
            counts.put(FleetGauge.SWEEPS_WAITING, row.getDouble("waiting"));
            counts.put(FleetGauge.PERMIT_WAIT_SECONDS, secondsSince(row, "oldest", now));
        });
    }

    /** Counts the processes whose heartbeats arrive (alive), and the processes whose heartbeats do not (missed). */
    private void countWorkers(Map<FleetGauge, Double> counts, Instant now) {
        // If no process is in a state, no row below sets the value of the state.
        counts.put(FleetGauge.PROCESSES_ALIVE, 0.0);
        counts.put(FleetGauge.PROCESSES_MISSED, 0.0);
        read("select heartbeat_ms, heartbeat_at from worker", row -> {
            boolean alive = HeartbeatRule.isAlive(
                    row.getObject("heartbeat_at", OffsetDateTime.class).toInstant(),
                    Duration.ofMillis(row.getLong("heartbeat_ms")),
                    now);
            counts.merge(alive ? FleetGauge.PROCESSES_ALIVE : FleetGauge.PROCESSES_MISSED, 1.0, Double::sum);
        });
    }

    private void countWebhooks(Map<FleetGauge, Double> counts) {
        read(
                "select count(*) as pending from webhook_delivery where state = 'pending'",
                row -> counts.put(FleetGauge.DELIVERIES_PENDING, row.getDouble("pending")));
        read("""
                select count(case when enabled then 1 end) as enabled,
                    count(case when not enabled then 1 end) as disabled
                from webhook
                """, row -> {
            counts.put(FleetGauge.WEBHOOKS_ENABLED, row.getDouble("enabled"));
            counts.put(FleetGauge.WEBHOOKS_DISABLED, row.getDouble("disabled"));
        });
    }

    /** Counts the cliffs ahead: times in which far more keys die than around them, according to the last forecasts. */
    private void countCliffs(Map<FleetGauge, Double> counts, Instant now) {
        jdbc.sql("select count(*) as found, coalesce(max(backlog), 0) as backlog from instance_cliff"
                        + " where expected and ends_at > :now")
                .param("now", now.atOffset(ZoneOffset.UTC))
                .query((ResultSet row) -> {
                    counts.put(FleetGauge.CLIFFS, row.getDouble("found"));
                    counts.put(FleetGauge.CLIFF_BACKLOG_KEYS, row.getDouble("backlog"));
                });
    }

    /** Runs a query, and passes each of its rows to {@code reader}. */
    private void read(String sql, RowReader reader) {
        jdbc.sql(sql).query((ResultSet row) -> reader.read(row));
    }

    /**
     * Returns the seconds since a time in a column; 0 if the column is null. Also returns 0 if the time is in the
     * future, which happens because the clocks of processes differ.
     */
    private static double secondsSince(ResultSet row, String column, Instant now) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null
                ? 0
                : Math.max(
                        0, Duration.between(time, now.atOffset(ZoneOffset.UTC)).toMillis() / 1000.0);
    }

    /** Reads one row of a result; may throw the exception of the driver. */
    private interface RowReader {
        void read(ResultSet row) throws SQLException;
    }
}
