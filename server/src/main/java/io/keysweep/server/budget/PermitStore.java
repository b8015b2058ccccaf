package io.keysweep.server.budget;

import io.keysweep.server.control.PaceChoice;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Reads and writes the table {@code permit} for {@link Permits}, which decides which sweep gets a permit to run.
 *
 * <p>A sweep (the part of a scan that visits one primary) needs a granted permit to run. A permit is granted if {@code
 * granted_at} is set; otherwise it waits in the queue of its project. A granted permit is recalled if its sweep must
 * stop and wait again. {@link PermitRecovery} repairs permits after a crash.
 *
 * <p>Three columns need an explanation:
 *
 * <ul>
 *   <li>{@code age} is the creation time of the scan. The oldest scan is the first in the queue.
 *   <li>{@code queued_at} is the time at which the sweep has last entered the queue.
 *   <li>{@code execution} is the execution id of the sweep, that is, the id of its entry in db-scheduler: {@code <scan
 *       id>/<round>/<node id>}.
 * </ul>
 */
@Repository
class PermitStore {

    /** Selects permits with the names of their projects. */
    private static final String SELECT = """
            select permit.*, project.name as project_name
            from permit join project on project.id = permit.project_id
            """;

    /** Adds a permit to the queue, if its scan is active. PostgreSQL cannot derive the types without the casts. */
    private static final String INSERT_WAITING = """
            insert into permit (execution, scan_id, project_id, host, age, queued_at)
            select cast(:execution as varchar(400)), scan.id, instance.project_id, cast(:host as varchar(300)),
                scan.created_at, cast(:now as timestamp(3) with time zone)
            from scan join instance on instance.id = scan.active_instance_id where scan.id = :scanId
            """;

    /** Adds a granted permit of a sweep that a worker begins now, if the scan is active. */
    private static final String INSERT_GRANTED = """
            insert into permit (execution, scan_id, project_id, host, age, worker_id, granted_at, begun_at)
            select cast(:execution as varchar(400)), scan.id, instance.project_id, cast(:host as varchar(300)),
                scan.created_at, cast(:workerId as varchar(100)), cast(:now as timestamp(3) with time zone),
                cast(:now as timestamp(3) with time zone)
            from scan join instance on instance.id = scan.active_instance_id where scan.id = :scanId
            """;

    private final JdbcClient jdbc;

    /** Describes a sweep that runs on a host, with the parts of the pace that were chosen for its scan. */
    record PacedSweep(String execution, String host, PaceChoice pace) {}

    /** Names the project that a scan belongs to. */
    record ScanProject(String id, String name) {}

    /** Reports how many sweeps of a project run, and how many wait for a permit. */
    record PermitCount(int running, int waiting) {}

    PermitStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Locks the granting of permits in all processes until the transaction of the caller ends; waits while another
     * transaction has the lock. Without the lock, two transactions that wake the same executions in different orders
     * could wait for each other (a deadlock).
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void lockGrants() {
        // The table permit_lock has a single row, whose only purpose is this lock.
        jdbc.sql("select id from permit_lock for update").query(Integer.class).single();
    }

    /** Returns the permit of a sweep by its execution id; empty if it has none. */
    Optional<Permit> find(String execution) {
        return find(List.of(execution)).stream().findFirst();
    }

    /**
     * Returns the permits of several sweeps, in no particular order. A sweep without a permit is left out.
     *
     * @param executions execution ids, at least one
     */
    List<Permit> find(Collection<String> executions) {
        return select("where execution in (:executions)", Map.of("executions", executions));
    }

    /** Returns the granted permits, the oldest scan first. */
    List<Permit> findGranted() {
        return select("where granted_at is not null order by age, execution", Map.of());
    }

    /**
     * Returns permits that are not granted yet, in the order in which projects get even shares of the workers.
     *
     * <p>The next permit goes to the project that has the fewest granted permits, and in this project to the oldest
     * scan. The number of a project's granted permits plus the place in its queue therefore gives the order. Example:
     * if project A has 3 granted permits and B none, the first three permits of B come before the first of A.
     *
     * @param fullProjects ids of projects to leave out, because their budgets are used up
     * @param fullHosts hosts to leave out, because their budgets are used up
     * @param limit maximum number of permits to return
     */
    List<Permit> findWaiting(Set<String> fullProjects, Set<String> fullHosts, int limit) {
        // This query returns each waiting permit with its place: the number of granted permits of its project, plus its
        // number in the project's queue.
        String queue = "select waiting.*, project.name as project_name, coalesce(running.permits, 0)"
                + " + row_number() over (partition by waiting.project_id order by waiting.age, waiting.execution)"
                + " as place from permit waiting join project on project.id = waiting.project_id"
                + " left join (select project_id, count(*) as permits from permit where granted_at is not null"
                + " group by project_id) running on running.project_id = waiting.project_id"
                + " where waiting.granted_at is null"
                + (fullProjects.isEmpty() ? "" : " and waiting.project_id not in (:projects)")
                + (fullHosts.isEmpty() ? "" : " and waiting.host not in (:hosts)");
        return jdbc.sql("select * from (" + queue + ") queue order by place, age, execution limit :limit")
                .param("projects", fullProjects)
                .param("hosts", fullHosts)
                .param("limit", limit)
                .query((row, number) -> permit(row))
                .list();
    }

    /** Returns whether a permit waits in the queue of any project. */
    boolean isAnyWaiting() {
        return !jdbc.sql("select execution from permit where granted_at is null fetch first row only")
                .query(String.class)
                .list()
                .isEmpty();
    }

    /**
     * Returns the project of each scan, by scan id. An id without a scan is left out. There must be at least one id.
     */
    Map<UUID, ScanProject> findProjects(Collection<UUID> scanIds) {
        Map<UUID, ScanProject> projects = new HashMap<>();
        jdbc.sql("select scan.id, project.id as project_id, project.name from scan"
                        + " join instance on instance.id = scan.instance_id"
                        + " join project on project.id = instance.project_id where scan.id in (:ids)")
                .param("ids", scanIds)
                .query((ResultSet row) -> {
                    projects.put(
                            row.getObject("id", UUID.class),
                            new ScanProject(row.getString("project_id"), row.getString("name")));
                });
        return projects;
    }

    /**
     * Returns how many permits of a project are granted, and how many wait. Recalled permits are counted as granted.
     */
    PermitCount countByProject(String projectId) {
        return jdbc.sql("select count(granted_at) as running, count(*) - count(granted_at) as waiting from permit"
                        + " where project_id = :projectId")
                .param("projectId", projectId)
                .query((row, number) -> new PermitCount(row.getInt("running"), row.getInt("waiting")))
                .single();
    }

    /**
     * Adds the numbers of granted permits, by project and host, to a usage. Recalled permits are counted as granted.
     */
    void addGrantedTo(BudgetUsage usage) {
        jdbc.sql("select project_id, host, count(*) as permits from permit where granted_at is not null"
                        + " group by project_id, host")
                .query((ResultSet row) -> {
                    usage.add(row.getString("project_id"), row.getString("host"), row.getInt("permits"));
                });
    }

    /**
     * Returns the sweeps with a granted permit on some hosts, each with the pace that was chosen for its scan. They are
     * ordered by execution id, so that all processes divide the pace of a host in the same way.
     */
    List<PacedSweep> findPacedSweeps(Collection<String> hosts) {
        return jdbc.sql("select permit.execution, permit.host, scan.profile, scan.stall_budget_us, scan.share,"
                        + " scan.rate_ceiling from permit join scan on scan.id = permit.scan_id"
                        + " where permit.granted_at is not null and permit.host in (:hosts) order by permit.execution")
                .param("hosts", hosts)
                .query((row, number) ->
                        new PacedSweep(row.getString("execution"), row.getString("host"), PaceChoice.of(row)))
                .list();
    }

    /**
     * Adds a permit for a sweep. Does nothing if the sweep has one already, or if its scan has ended.
     *
     * @param workerId id of the process that begins the sweep now, for a permit that is granted now; null to add the
     *     sweep to the queue
     * @return whether the permit was added
     */
    boolean insert(String execution, UUID scanId, String host, @Nullable String workerId, Instant now) {
        // Only an active scan has active_instance_id, so for a scan that has ended the select finds nothing to insert.
        String sql = workerId == null ? INSERT_WAITING : INSERT_GRANTED;
        try {
            return jdbc.sql(sql)
                            .param("execution", execution)
                            .param("host", host)
                            .param("workerId", workerId)
                            .param("now", now.atOffset(ZoneOffset.UTC))
                            .param("scanId", scanId)
                            .update()
                    == 1;
        } catch (DuplicateKeyException e) {
            // Another request for the same execution has just added the permit.
            return false;
        }
    }

    /** Grants permits, given by their execution ids; there must be at least one. */
    void grant(List<String> executions, Instant now) {
        jdbc.sql("update permit set granted_at = :now, recalled = false where execution in (:executions)")
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("executions", executions)
                .update();
    }

    /**
     * Marks granted permits, given by at least one execution id, as recalled. Returns the number of permits that were
     * not marked before.
     */
    int recall(List<String> executions) {
        return jdbc.sql("update permit set recalled = true where execution in (:executions) and not recalled")
                .param("executions", executions)
                .update();
    }

    /** Records at the permit which process runs its sweep from now on. */
    void assign(String execution, String workerId, Instant now) {
        jdbc.sql("update permit set worker_id = :workerId, begun_at = :now where execution = :execution")
                .param("workerId", workerId)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("execution", execution)
                .update();
    }

    /**
     * Takes the permit from a sweep that waits.
     *
     * <p>A sweep whose permit was recalled goes back to its place in the queue. A sweep that is in the queue keeps its
     * place. A sweep that waits for something else, such as a window that opens, loses its permit and its place.
     * Otherwise it would be granted permits that it cannot use.
     */
    void withdraw(String execution, Instant now) {
        jdbc.sql("delete from permit where execution = :execution and granted_at is not null and not recalled")
                .param("execution", execution)
                .update();
        // The update matches only a recalled permit or one that is still in the queue, because the statement above has
        // deleted any other permit.
        jdbc.sql("update permit set queued_at = case when granted_at is null then queued_at else :now end,"
                        + " granted_at = null, recalled = false, worker_id = null, begun_at = null"
                        + " where execution = :execution")
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("execution", execution)
                .update();
    }

    /** Removes the permit of a sweep that has ended. */
    void remove(String execution) {
        jdbc.sql("delete from permit where execution = :execution")
                .param("execution", execution)
                .update();
    }

    /** Removes all permits of a scan. */
    void removeAllOf(UUID scanId) {
        jdbc.sql("delete from permit where scan_id = :scanId")
                .param("scanId", scanId)
                .update();
    }

    /** Returns the permits that the end of the SQL statement, {@code where … order by …}, selects. */
    private List<Permit> select(String conditionAndOrder, Map<String, ?> params) {
        return jdbc.sql(SELECT + conditionAndOrder)
                .params(params)
                .query((row, number) -> permit(row))
                .list();
    }

    private static Permit permit(ResultSet row) throws SQLException {
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
