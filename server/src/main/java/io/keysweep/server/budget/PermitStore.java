package io.keysweep.server.budget;

import io.keysweep.server.control.PaceChoice;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Permits in SQL; who may have one is decided by {@link Permits}. */
@Repository
class PermitStore {

    private static final String SELECT = """
            select permit.*, project.name as project_name
            from permit join project on project.id = permit.project_id
            """;

    private static final String NOW = "cast(:now as timestamp(3) with time zone)";

    private final JdbcClient jdbc;

    /** A sweep that runs on a host, and the pace that its scan has chosen. */
    record Paced(String execution, String host, PaceChoice pace) {}

    /** How many sweeps run, and how many wait. */
    record Count(int running, int waiting) {}

    PermitStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<Permit> find(String execution) {
        return find(List.of(execution)).stream().findFirst();
    }

    List<Permit> find(Collection<String> executions) {
        return list("where execution in (:executions)", Map.of("executions", executions));
    }

    /** Those that are granted, as they would be granted: the oldest scan first. */
    List<Permit> granted() {
        return list("where granted_at is not null order by age, execution", Map.of());
    }

    /** Those that wait, the oldest scan first, but for those projects and hosts. */
    List<Permit> waiting(Set<String> withoutProjects, Set<String> withoutHosts, int most) {
        String sql = "where granted_at is null"
                + (withoutProjects.isEmpty() ? "" : " and project_id not in (:projects)")
                + (withoutHosts.isEmpty() ? "" : " and host not in (:hosts)")
                + " order by age, execution limit :most";
        return list(sql, Map.of("projects", withoutProjects, "hosts", withoutHosts, "most", most));
    }

    /** Whether anybody waits. */
    boolean anyWaiting() {
        return jdbc.sql("select 1 from permit where granted_at is null limit 1")
                .query(Integer.class)
                .optional()
                .isPresent();
    }

    /** How many sweeps of a project run, and how many wait. */
    Count count(String projectId) {
        return jdbc.sql("select count(granted_at) as running, count(*) - count(granted_at) as waiting from permit"
                        + " where project_id = :projectId")
                .param("projectId", projectId)
                .query((row, number) -> new Count(row.getInt("running"), row.getInt("waiting")))
                .single();
    }

    /** Counts what is granted. */
    void count(BudgetUsage usage) {
        jdbc.sql("select project_id, host, count(*) as permits from permit where granted_at is not null"
                        + " group by project_id, host")
                .query((ResultSet row) -> {
                    usage.count(row.getString("project_id"), row.getString("host"), row.getInt("permits"));
                });
    }

    /** The sweeps that run on those hosts, each with the pace that its scan has chosen. */
    List<Paced> paces(Collection<String> hosts) {
        return jdbc.sql("select permit.execution, permit.host, scan.profile, scan.stall_budget_us, scan.share,"
                        + " scan.rate_ceiling from permit join scan on scan.id = permit.scan_id"
                        + " where permit.granted_at is not null and permit.host in (:hosts) order by permit.execution")
                .param("hosts", hosts)
                .query((row, number) ->
                        new Paced(row.getString("execution"), row.getString("host"), PaceChoice.of(row)))
                .list();
    }

    /**
     * Adds the place of a sweep, if its scan is active; nothing happens if it has one.
     *
     * @param workerId the process that takes it up at once, or null if it has to wait
     */
    void insert(String execution, UUID scanId, String host, @Nullable String workerId, Instant now) {
        try {
            jdbc.sql(
                            "insert into permit (execution, scan_id, project_id, host, age"
                                    + (workerId == null ? ")" : ", worker_id, granted_at, begun_at)")
                                    + " select cast(:execution as varchar(400)), scan.id, instance.project_id,"
                                    + " cast(:host as varchar(300)), scan.created_at"
                                    + (workerId == null ? "" : ", cast(:workerId as varchar(100)), " + NOW + ", " + NOW)
                                    + " from scan join instance on instance.id = scan.active_instance_id where scan.id = :scanId")
                    .param("execution", execution)
                    .param("host", host)
                    .param("workerId", workerId)
                    .param("now", now.atOffset(ZoneOffset.UTC))
                    .param("scanId", scanId)
                    .update();
        } catch (DuplicateKeyException e) {
            // Another look at the same execution was quicker by a moment.
        }
    }

    void grant(List<String> executions, Instant now) {
        jdbc.sql("update permit set granted_at = :now, recalled = false where execution in (:executions)")
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("executions", executions)
                .update();
    }

    /** Marks those that are not yet, and tells how many. */
    int recall(List<String> executions) {
        return jdbc.sql("update permit set recalled = true where execution in (:executions) and not recalled")
                .param("executions", executions)
                .update();
    }

    /** Notes which process does the sweep. */
    void takeUp(String execution, String workerId, Instant now) {
        jdbc.sql("update permit set worker_id = :workerId, begun_at = :now where execution = :execution")
                .param("workerId", workerId)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("execution", execution)
                .update();
    }

    /** Takes back what a sweep that rests was granted: its place in line too, unless it rests since it was recalled. */
    void giveBack(String execution) {
        jdbc.sql("delete from permit where execution = :execution and granted_at is not null and not recalled")
                .param("execution", execution)
                .update();
        jdbc.sql("update permit set granted_at = null, recalled = false, worker_id = null, begun_at = null"
                        + " where execution = :execution")
                .param("execution", execution)
                .update();
    }

    void remove(String execution) {
        jdbc.sql("delete from permit where execution = :execution")
                .param("execution", execution)
                .update();
    }

    void removeOf(UUID scanId) {
        jdbc.sql("delete from permit where scan_id = :scanId")
                .param("scanId", scanId)
                .update();
    }

    /** Removes those of scans that have ended and of sweeps that nobody does any more. */
    int removeStale() {
        return jdbc.sql("""
                delete from permit where scan_id in (select id from scan where active_instance_id is null)
                    or not exists (
                        select 1 from sweep where sweep.scan_id = permit.scan_id and not sweep.finished
                            and permit.execution = cast(sweep.scan_id as varchar(36)) || '/'
                                || cast(sweep.round as varchar(12)) || '/' || sweep.node_id)
                """).update();
    }

    private List<Permit> list(String which, Map<String, ?> params) {
        return jdbc.sql(SELECT + which)
                .params(params)
                .query((row, number) -> row(row))
                .list();
    }

    private static Permit row(ResultSet row) throws SQLException {
        return new Permit(
                row.getString("execution"),
                row.getObject("scan_id", UUID.class),
                row.getString("project_id"),
                row.getString("project_name"),
                row.getString("host"),
                row.getObject("granted_at") != null,
                row.getBoolean("recalled"),
                row.getString("worker_id"));
    }
}
