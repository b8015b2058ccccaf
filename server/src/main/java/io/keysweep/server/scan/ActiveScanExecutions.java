package io.keysweep.server.scan;

import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import io.keysweep.server.control.Pause;
import io.keysweep.server.control.ScanExecutions;
import io.keysweep.server.control.ScanTasks;
import io.keysweep.server.control.Scope;
import io.keysweep.server.sweep.SweepKey;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Lists the db-scheduler executions of active scans, so that the package {@code server.control} can wake them when
 * something changes.
 *
 * <p>An execution is db-scheduler's entry for one piece of work. It sweeps a primary (visits all its keys), or plans
 * the next round of a cluster's scan, in which the primaries are swept side by side. An active scan waits or runs.
 *
 * <p>The ids are calculated from the tables {@code scan} and {@code sweep}. A list can therefore contain executions
 * that do not exist, such as the plan of a next round outside a cluster. Waking such an execution has no effect.
 * Thread-safe.
 */
@Repository
public class ActiveScanExecutions implements ScanExecutions {

    /**
     * Selects the permit that a sweep has requested and that is not granted yet. A permit allows one sweep to run
     * within the budgets. The concatenated text is the id of the execution of the sweep: {@code <scan id>/<round>/<node
     * id>}.
     */
    private static final String UNGRANTED_PERMIT = """
            select 1 from permit where permit.scan_id = sweep.scan_id and permit.granted_at is null
                and permit.execution = cast(sweep.scan_id as varchar(36)) || '/' || cast(sweep.round as varchar(12))
                    || '/' || sweep.node_id
            """;

    /**
     * Matches the active scans of a project and of an instance. A parameter that is null matches every project or
     * instance.
     */
    private static final String IN_ACTIVE_SCANS = """
            scan.active_instance_id is not null and scan.active_instance_id in (
                select instance.id from instance
                where instance.project_id = coalesce(:projectId, instance.project_id)
                    and instance.id = coalesce(:instanceId, instance.id))
            """;

    private final JdbcClient jdbc;

    public ActiveScanExecutions(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public List<TaskInstanceId> ofScan(UUID scanId) {
        Stream<TaskInstanceId> sweeps =
                // This list includes finished sweeps. The cancellation of a waiting scan marks its sweeps as finished,
                // but leaves their executions, which would otherwise be removed only at their next check.
                sweepExecutions(jdbc.sql(
                                "select scan_id, round, node_id from sweep where scan_id = :scanId order by round, node_id")
                        .param("scanId", scanId));
        Stream<TaskInstanceId> plans = planExecutions(
                jdbc.sql("select scan.id, (select max(round) from sweep where scan_id = scan.id) as round from scan"
                                + " where scan.id = :scanId")
                        .param("scanId", scanId));
        return Stream.concat(sweeps, plans).toList();
    }

    // This list leaves out sweeps that wait for a permit, because the grant of the permit wakes them.
    @Override
    public List<TaskInstanceId> ofActiveScans(@Nullable String projectId, @Nullable UUID instanceId) {
        Stream<TaskInstanceId> sweeps = sweepExecutions(jdbc.sql(
                        "select sweep.scan_id, sweep.round, sweep.node_id from sweep join scan on scan.id = sweep.scan_id"
                                + " where not sweep.finished and " + IN_ACTIVE_SCANS + " and not exists ("
                                + UNGRANTED_PERMIT + ") order by sweep.scan_id, sweep.round, sweep.node_id")
                .param("projectId", projectId)
                .param("instanceId", instanceId));
        Stream<TaskInstanceId> plans = planExecutions(
                jdbc.sql("select scan.id, (select max(round) from sweep where scan_id = scan.id) as round from scan"
                                + " where " + IN_ACTIVE_SCANS + " order by scan.id")
                        .param("projectId", projectId)
                        .param("instanceId", instanceId));
        return Stream.concat(sweeps, plans).toList();
    }

    // A sweep waits without a reason if its scan is cancelled, or if its recorded reason is over: the reason is a pause
    // or a hold of a user, but now there is no pause of the scan, no project hold and no global hold. The scope * in
    // the table hold stands for all projects.
    @Override
    public List<TaskInstanceId> ofSweepsWithoutReasonToWait() {
        return sweepExecutions(jdbc.sql("""
                                select sweep.scan_id, sweep.round, sweep.node_id from sweep
                                    join scan on scan.id = sweep.scan_id
                                    join instance on instance.id = scan.instance_id
                                where scan.active_instance_id is not null and not sweep.finished
                                    and sweep.hold is not null
                                    and (scan.cancelled_by is not null
                                        or scan.paused_by is null
                                            and (sweep.hold like :ofScan or sweep.hold like :ofProject
                                                or sweep.hold like :ofAll)
                                            and not exists (select 1 from hold pausing
                                                where pausing.scope in (instance.project_id, '*')))
                                order by sweep.scan_id, sweep.round, sweep.node_id
                                """)
                        .param("ofScan", Pause.reasonBeginning(Scope.SCAN) + "%")
                        .param("ofProject", Pause.reasonBeginning(Scope.PROJECT) + "%")
                        .param("ofAll", Pause.reasonBeginning(Scope.ALL) + "%"))
                .toList();
    }

    /** Returns the execution of each sweep that the query selects. */
    private static Stream<TaskInstanceId> sweepExecutions(JdbcClient.StatementSpec query) {
        return query
                .query((row, number) -> ScanTasks.SWEEP.instanceId(new SweepKey(
                                row.getObject("scan_id", UUID.class), row.getInt("round"), row.getString("node_id"))
                        .toString()))
                .list()
                .stream();
    }

    /**
     * Returns for each scan that the query selects the execution that plans the round after the last round.
     *
     * @param query selects {@code id}, the id of a scan, and {@code round}, its last round. {@code round} is null
     *     before the first round, and {@code getInt} reads null as 0.
     */
    private static Stream<TaskInstanceId> planExecutions(JdbcClient.StatementSpec query) {
        return query
                .query((row, number) -> ScanTasks.PLAN.instanceId(
                        PlanTask.id(row.getObject("id", UUID.class), row.getInt("round") + 1)))
                .list()
                .stream();
    }
}
