package io.keysweep.server.sweep;

import com.github.kagkarlsson.scheduler.boot.config.DbSchedulerProperties;
import com.github.kagkarlsson.scheduler.task.Execution;
import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.reclaim.ServerProfile;
import io.keysweep.engine.sweep.MemoryReport;
import io.keysweep.engine.sweep.StepTimes;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.topology.SlotSet;
import io.keysweep.server.control.ScanTasks;
import io.keysweep.server.timeline.Timeline;
import io.keysweep.server.worker.ExecutionLeases;
import io.keysweep.server.worker.WorkerIdentity;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Claims and ends sweeps in tests as a worker does, without a scheduler. */
public final class SweepTesting {

    private SweepTesting() {}

    /** Creates a store as worker {@code w1}. */
    public static SweepStore store(DataSource dataSource, InstantSource clock) {
        WorkerIdentity worker = new WorkerIdentity("w1", "host", /* pid= */ 1, "test");
        return new SweepStore(
                JdbcClient.create(dataSource),
                new TransactionTemplate(new JdbcTransactionManager(dataSource)),
                new ExecutionLeases(dataSource, new DbSchedulerProperties(), worker, clock),
                worker,
                new Timeline(JdbcClient.create(dataSource), worker),
                clock);
    }

    /** Inserts a project, an instance and a running scan without sweeps. */
    public static void insertScan(JdbcClient jdbc, UUID scanId) {
        UUID instanceId = UUID.randomUUID();
        jdbc.sql("insert into project (id, name, created_at) values ('p', 'p', current_timestamp)")
                .update();
        jdbc.sql("insert into instance (id, project_id, name, uri, created_at)"
                        + " values (?, 'p', 'i', 'redis://127.0.0.1', current_timestamp)")
                .param(instanceId)
                .update();
        jdbc.sql("insert into scan (id, instance_id, scan_type, state, timeout_seconds, created_at)"
                        + " values (?, ?, 'manual', 'running', 60, current_timestamp)")
                .params(scanId, instanceId)
                .update();
    }

    /**
     * Picks the execution of a sweep as db-scheduler does for a worker, with a new version; creates it if necessary.
     */
    static Execution pick(JdbcClient jdbc, SweepKey key) {
        long version = jdbc.sql("select coalesce(max(version), 0) + 1 from scheduled_tasks where task_instance = :key")
                .param("key", key.toString())
                .query(Long.class)
                .single();
        jdbc.sql("delete from scheduled_tasks where task_instance = :key")
                .param("key", key.toString())
                .update();
        jdbc.sql("insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version)"
                        + " values ('sweep', :key, current_timestamp, true, :version)")
                .param("key", key.toString())
                .param("version", version)
                .update();
        return new Execution(
                Instant.EPOCH,
                ScanTasks.SWEEP.instance(key.toString()).build(),
                /* picked= */ true,
                "w1",
                /* lastSuccess= */ null,
                /* lastFailure= */ null,
                /* consecutiveFailures= */ 0,
                /* lastHeartbeat= */ null,
                version);
    }

    /** Claims a sweep as a worker that has just picked its execution. */
    static SweepAttempt claim(JdbcClient jdbc, SweepStore sweeps, SweepKey key) {
        return claimed(jdbc, sweeps, key).attempt();
    }

    /** Claims a sweep with {@link #claim}, and also returns what is stored about the sweep. */
    static ClaimedSweep claimed(JdbcClient jdbc, SweepStore sweeps, SweepKey key) {
        return sweeps.claim(key, pick(jdbc, key)).orElseThrow();
    }

    /** Claims a sweep, and ends it without a failure, like a sweep whose slots other sweeps cover. */
    public static void fail(JdbcClient jdbc, SweepStore sweeps, SweepKey key) {
        claim(jdbc, sweeps, key).fail(/* failure= */ null);
    }

    /** Claims a sweep and completes it. */
    public static void complete(JdbcClient jdbc, SweepStore sweeps, SweepKey key, long reclaimed) {
        SweepAttempt attempt = claim(jdbc, sweeps, key);
        attempt.finish(report(key.nodeId(), reclaimed), /* failure= */ null);
    }

    /** Builds the report of a completed sweep. All other values are made up. */
    static SweepReport report(String nodeId, long reclaimed) {
        return new SweepReport(
                nodeId,
                new ServerProfile(
                        ServerProfile.Flavour.REDIS,
                        "7.0.15",
                        "run",
                        /* clusterEnabled= */ false,
                        /* lazyFree= */ false,
                        "script",
                        "because"),
                SweepReport.Ending.COMPLETED,
                /* visited= */ 1_000,
                reclaimed,
                /* exact= */ true,
                /* steps= */ 10,
                /* elapsed= */ Duration.ofSeconds(1),
                /* longestStall= */ Duration.ofMillis(3),
                MemoryReport.of(
                        ServerInfo.parse("used_memory:1000"),
                        ServerInfo.parse("used_memory:900"),
                        reclaimed,
                        /* purge= */ null),
                SlotSet.ALL,
                /* orphans= */ new TreeMap<>(Map.of(7, 3L)),
                /* databases= */ List.of(),
                /* coverage= */ new TreeMap<>(),
                StepTimes.NONE);
    }
}
