package io.keysweep.server.budget;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Repairs rows of the table {@code permit} that a crash or a lost worker has left behind, for {@link Permits}.
 *
 * <p>A sweep (the part of a scan that visits one primary) needs a granted permit to run. Without one, it waits in the
 * queue of its project. {@link PermitStore} explains the columns of the table. The column {@code age}, despite its
 * name, is the time at which the scan was created. The column {@code recalled} says that a running sweep must stop and
 * queue again. The column {@code execution} identifies the sweep, see {@link Permit}.
 *
 * <p>The caller must have the lock of the permits.
 */
@Repository
class PermitRecovery {

    /** The SQL expression for the execution id of a row of the table {@code sweep}. */
    private static final String EXECUTION_OF_SWEEP =
            "cast(sweep.scan_id as varchar(36)) || '/' || cast(sweep.round as varchar(12)) || '/' || sweep.node_id";

    private final JdbcClient jdbc;

    PermitRecovery(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Removes the permits of scans that have ended, and the permits whose sweep has finished or does not exist. Returns
     * the number of removed permits.
     */
    int removeStale() {
        // Only an active scan has active_instance_id.
        return jdbc.sql("""
                delete from permit where scan_id in (select id from scan where active_instance_id is null)
                    or not exists (
                        select 1 from sweep where sweep.scan_id = permit.scan_id and not sweep.finished
                            and permit.execution = \
                """ + EXECUTION_OF_SWEEP + ")").update();
    }

    /**
     * Takes granted permits from workers that are not alive, the permits of the youngest scans first. Their sweeps
     * queue again.
     *
     * @param livingWorkerIds ids of the workers that are alive
     * @param limit maximum number of permits to take
     * @param now the current time, stored as the time since which the sweeps queue
     */
    void requeueOfLostWorkers(Set<String> livingWorkerIds, int limit, Instant now) {
        List<String> lostExecutions = jdbc.sql(
                        "select execution from permit where worker_id is not null and granted_at is not null"
                                + (livingWorkerIds.isEmpty() ? "" : " and worker_id not in (:living)")
                                + " order by age desc, execution limit :limit")
                .param("living", livingWorkerIds)
                .param("limit", limit)
                .query((row, number) -> row.getString("execution"))
                .list();
        if (!lostExecutions.isEmpty()) {
            jdbc.sql("update permit set granted_at = null, recalled = false, worker_id = null, begun_at = null,"
                            + " queued_at = :now where execution in (:executions)")
                    .param("now", now.atOffset(ZoneOffset.UTC))
                    .param("executions", lostExecutions)
                    .update();
        }
    }

    /** Returns the execution ids of sweeps that have a granted permit, but that no worker has begun since the grant. */
    List<String> findNotBegun() {
        return jdbc.sql(
                        "select execution from permit where granted_at is not null and not recalled and begun_at is null")
                .query((row, number) -> row.getString("execution"))
                .list();
    }

    /** Returns the execution ids of sweeps that are recorded as waiting for a permit but are in no queue. */
    List<String> findNotQueued() {
        // The column hold is a text for users. While a sweep waits for a permit, this text begins with one of the two
        // phrases of BudgetUsage.
        return jdbc.sql("select " + EXECUTION_OF_SWEEP + " as execution from sweep join scan on scan.id = sweep.scan_id"
                        + " where scan.active_instance_id is not null and not sweep.finished"
                        + " and (sweep.hold like :budget or sweep.hold like :worker)"
                        + " and not exists (select 1 from permit where permit.execution = " + EXECUTION_OF_SWEEP + ")")
                .param("budget", BudgetUsage.WAITS_FOR_BUDGET + "%")
                .param("worker", BudgetUsage.WAITS_FOR_WORKER + "%")
                .query((row, number) -> row.getString("execution"))
                .list();
    }
}
