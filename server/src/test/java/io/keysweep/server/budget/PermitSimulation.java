package io.keysweep.server.budget;

import static io.keysweep.testkit.Waits.await;

import io.keysweep.server.TestDatabase;
import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.config.SettingsLoader;
import io.keysweep.server.control.ActiveSweep;
import io.keysweep.server.control.ControlTesting;
import io.keysweep.server.control.SweepRestriction;
import io.keysweep.server.control.WakeUps;
import io.keysweep.server.iam.MasterKey;
import io.keysweep.server.iam.SecretBox;
import io.keysweep.server.instance.InstanceStore;
import io.keysweep.server.policy.PolicyChanged;
import io.keysweep.server.policy.PolicyKind;
import io.keysweep.server.policy.PolicyOwner;
import io.keysweep.server.policy.PolicyStore;
import io.keysweep.server.worker.WorkerCapacity;
import io.keysweep.server.worker.WorkerIdentity;
import io.keysweep.testkit.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Simulates processes that request permits for sweeps on one database. The test sets the time.
 *
 * <p>A permit allows one sweep to run. A budget limits how many sweeps run at the same time.
 */
final class PermitSimulation {

    /** A worker with so many threads that only budgets restrict sweeps. */
    static final String LARGE_WORKER = "large";

    private final Path folder;
    private final ManualClock clock = new ManualClock();
    private final DataSource dataSource;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final PolicyStore policies;

    /**
     * Creates projects {@code p} and {@code q}, and the worker {@link #LARGE_WORKER}.
     *
     * @param dialect {@code h2} or {@code postgresql}
     */
    PermitSimulation(String dialect, Path folder) {
        this.folder = folder;
        dataSource = TestDatabase.create(dialect, folder);
        jdbc = JdbcClient.create(dataSource);
        transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
        InstanceStore instances = new InstanceStore(jdbc, new SecretBox(MasterKey.of(new byte[32])), event -> {});
        policies = new PolicyStore(jdbc, instances, event -> {}, clock);
        setThreads(LARGE_WORKER, 1_000);
        for (String project : List.of("p", "q")) {
            jdbc.sql("insert into project (id, name, created_at) values (?, ?, current_timestamp)")
                    .params(project, "name-" + project)
                    .update();
        }
    }

    /**
     * Adds a worker that can run a number of sweeps, or changes the number. A worker that is lost counts with 0,
     * although its row still exists.
     */
    void setThreads(String worker, int threads) {
        jdbc.sql("delete from worker where id = ?").param(worker).update();

        // A heartbeat is due only every ten days, so no worker is lost while the test moves the clock.
        jdbc.sql("insert into worker (id, host, pid, roles, version, threads, heartbeat_ms, started_at, heartbeat_at)"
                        + " values (?, 'h', 1, 'worker', 'v', ?, 864000000, ?, ?)")
                .params(
                        worker,
                        threads,
                        clock.instant().atOffset(ZoneOffset.UTC),
                        clock.instant().atOffset(ZoneOffset.UTC))
                .update();
    }

    JdbcClient jdbc() {
        return jdbc;
    }

    WakeUps wakeUps() {
        return ControlTesting.wakeUps(dataSource, clock);
    }

    /**
     * Creates the {@link Permits} of one simulated process.
     *
     * @param variables settings of the process, as environment variables
     */
    Permits process(String id, Map<String, String> variables) {
        Map<String, String> environment = new HashMap<>(variables);
        environment.put("KEYSWEEP_HOME", folder.toString());
        ServiceSettings settings = SettingsLoader.load(List.of(), environment);
        return new Permits(
                new PermitStore(jdbc),
                new PermitRecovery(jdbc),
                new Budgets(settings, policies, new WorkerCapacity(jdbc, clock), new JsonMapper()),
                ControlTesting.wakeUps(dataSource, clock),
                new WorkerIdentity(id, "h", /* pid= */ 1, "v"),
                transaction,
                clock);
    }

    /** Adds a sweep that a worker has picked, and that was created one second after the previous one. */
    ActiveSweep addSweep(String project, String host) {
        UUID instanceId = UUID.randomUUID();
        UUID scanId = UUID.randomUUID();
        clock.advance(Duration.ofSeconds(1));
        jdbc.sql("insert into instance (id, project_id, name, uri, created_at) values (?, ?, ?, 'redis://h', ?)")
                .params(
                        instanceId,
                        project,
                        instanceId.toString(),
                        clock.instant().atOffset(ZoneOffset.UTC))
                .update();
        jdbc.sql("insert into scan (id, instance_id, active_instance_id, scan_type, state, timeout_seconds, created_at)"
                        + " values (?, ?, ?, 'manual', 'waiting', 60, ?)")
                .params(scanId, instanceId, instanceId, clock.instant().atOffset(ZoneOffset.UTC))
                .update();
        ActiveSweep sweep =
                new ActiveSweep(scanId + "/1/" + host + ":1", host, ControlTesting.instructions(jdbc, scanId));
        jdbc.sql("insert into sweep (scan_id, round, node_id, slots, orphans, attempt, finished, visited, reclaimed,"
                        + " expired_keys, exact, alone, steps_may_follow, fraction, longest_stall_us)"
                        + " values (?, 1, ?, '0-16383', 0, 1, false, 0, 0, 0, true, true, false, 0, 0)")
                .params(scanId, host + ":1")
                .update();
        jdbc.sql("insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version)"
                        + " values ('sweep', ?, ?, true, 1)")
                .params(sweep.execution(), clock.instant().atOffset(ZoneOffset.UTC))
                .update();
        return sweep;
    }

    /**
     * Makes a sweep wait for its budget as the runner does: it releases the permit, reschedules the sweep's task, and
     * checks the budget again.
     */
    void waitForBudget(Permits process, ActiveSweep sweep) {
        pauseForADay(process, sweep);
        boolean waits = new PermitStore(jdbc)
                .find(sweep.execution())
                .flatMap(process::restriction)
                .isPresent();
        // A permit may have been granted just before it was released. Then the sweep need not wait: its task becomes
        // due, and the sweep requests a permit again.
        if (!waits) {
            jdbc.sql("update scheduled_tasks set execution_time = ? where task_instance = ?")
                    .params(clock.instant().atOffset(ZoneOffset.UTC), sweep.execution())
                    .update();
        }
    }

    /**
     * Makes a sweep release its permit and wait for a day, as it does for a pause or a closed window, and not for its
     * budget.
     */
    void pauseForADay(Permits process, ActiveSweep sweep) {
        releaseWhileWaiting(process, sweep);
        rescheduleToTomorrow(sweep);
    }

    /** Releases the permit of a sweep that must wait, as a worker does before it reschedules the sweep's task. */
    void releaseWhileWaiting(Permits process, ActiveSweep sweep) {
        transaction.executeWithoutResult(status -> {
            jdbc.sql("update sweep set hold = 'waits for its budget: 1 of 1 sweeps run in all' where scan_id = ?")
                    .param(sweep.instructions().scanId())
                    .update();
            process.releaseWhileWaiting(sweep.execution());
        });
    }

    /** Reschedules the task of a sweep to a day later. */
    void rescheduleToTomorrow(ActiveSweep sweep) {
        jdbc.sql("update scheduled_tasks set picked = false, execution_time = ? where task_instance = ?")
                .params(clock.instant().plus(Duration.ofDays(1)).atOffset(ZoneOffset.UTC), sweep.execution())
                .update();
    }

    /** Ends a sweep, and removes its task. */
    void end(Permits process, ActiveSweep sweep) {
        transaction.executeWithoutResult(status -> {
            jdbc.sql("update sweep set finished = true where scan_id = ?")
                    .param(sweep.instructions().scanId())
                    .update();
            process.release(sweep.execution());
        });
        jdbc.sql("delete from scheduled_tasks where task_instance = ?")
                .param(sweep.execution())
                .update();
    }

    /** Sets the budget of a project. */
    void setBudget(Permits process, String project, int sweeps) {
        transaction.executeWithoutResult(status -> policies.set(
                PolicyKind.BUDGET,
                PolicyOwner.project(project),
                "{\"sweeps\":" + sweeps + "}",
                "AK",
                /* expected= */ null));
        process.onBudgetChange(new PolicyChanged(PolicyKind.BUDGET, project, /* instanceId= */ null));
    }

    /** Removes the budget of a project. */
    void removeBudget(Permits process, String project) {
        transaction.executeWithoutResult(
                status -> policies.remove(PolicyKind.BUDGET, PolicyOwner.project(project), /* expected= */ null));
        process.onBudgetChange(new PolicyChanged(PolicyKind.BUDGET, project, /* instanceId= */ null));
    }

    /** Requests a permit, and returns the reason why the sweep must wait, or null if it may run. */
    static @Nullable String request(Permits process, ActiveSweep sweep) {
        return process.request(sweep).map(SweepRestriction::reason).orElse(null);
    }

    /** Waits until the task of a sweep is due, and picks it as a worker does. */
    void awaitDue(ActiveSweep sweep) {
        await("the task is due").pollInterval(Duration.ofMillis(10)).until(() -> isDue(sweep));
        jdbc.sql("update scheduled_tasks set picked = true where task_instance = ?")
                .param(sweep.execution())
                .update();
    }

    /** Returns whether the task of a sweep is due at the time of the simulation. */
    boolean isDue(ActiveSweep sweep) {
        return jdbc.sql("select count(*) from scheduled_tasks where task_instance = ? and execution_time <= ?")
                        .params(sweep.execution(), clock.instant().atOffset(ZoneOffset.UTC))
                        .query(Long.class)
                        .single()
                == 1;
    }

    /** Returns how many permits are granted at the moment, in all projects. */
    long granted() {
        return count("select count(*) from permit where granted_at is not null");
    }

    /** Runs an SQL query that counts rows, and returns the count. */
    long count(String sql) {
        return jdbc.sql(sql).query(Long.class).single();
    }
}
