package io.keysweep.server.autoscan;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.testhelper.ManualScheduler;
import com.github.kagkarlsson.scheduler.testhelper.SettableClock;
import com.github.kagkarlsson.scheduler.testhelper.TestHelper;
import io.keysweep.server.iam.MasterKey;
import io.keysweep.server.iam.SecretBox;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceStore;
import io.keysweep.server.policy.PolicyChanged;
import io.keysweep.server.policy.PolicyKind;
import io.keysweep.server.window.WindowGate;
import io.keysweep.server.window.WindowGateFinder;
import io.keysweep.server.worker.FailureBackoff;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Simulates the schedule of one instance over time.
 *
 * <p>The tasks of db-scheduler, the configuration and the starts are in a real database. The simulation creates no
 * scan. It records the start, and regards the scan as active for as long as the test says.
 */
final class AutoScanSimulation {

    private final SettableClock clock = new SettableClock();
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final DataSource dataSource;
    private final AutoScanStore store;
    private final StartStore starts;
    private final InstanceStore instances;

    /** The times at which scans were started since the last {@link #takeStarted}. */
    private final List<Instant> started = new ArrayList<>();

    /** The times at which a decision has thrown an exception. */
    private final List<Instant> failures = new ArrayList<>();

    private final Instance instance;

    /** The time for which each scan is active. */
    private Duration scanDuration = Duration.ofMinutes(1);

    /** Finds the windows of the instance. They are always open unless the test sets others. */
    private WindowGateFinder gates = WindowGate::open;

    /** The decision whether a start that is due takes place, with its reason. */
    private StartCheck.StartDecision decision = new StartCheck.StartDecision(/* starts= */ true, "due");

    /** Until this time, each decision throws an exception, as if it had a bug; null for never. */
    private @Nullable Instant brokenUntil;

    /** The time at which the latest scan ends. */
    private @Nullable Instant activeUntil;

    private ManualScheduler scheduler;
    private Schedules schedules;

    /** Creates a simulation on a single connection, because opening thousands would take most of the time. */
    AutoScanSimulation(Connection connection, Instant now) {
        DataSource single = new SingleConnectionDataSource(connection, /* suppressClose= */ true);
        dataSource = new TransactionAwareDataSourceProxy(single);
        clock.set(now);
        jdbc = JdbcClient.create(single);
        transaction = new TransactionTemplate(new JdbcTransactionManager(single));
        store = new AutoScanStore(jdbc);
        starts = new StartStore(jdbc, event -> {});
        instances = new InstanceStore(jdbc, new SecretBox(MasterKey.of(new byte[32])), event -> {});
        UUID id = UUID.randomUUID();
        jdbc.sql("insert into project (id, name, created_at) values ('p', 'p', current_timestamp)")
                .update();
        jdbc.sql("insert into instance (id, project_id, name, uri, created_at)"
                        + " values (?, 'p', 'i', 'redis://127.0.0.1:1', current_timestamp)")
                .param(id)
                .update();
        instance = instances.find(id).orElseThrow();
        scheduler = newScheduler();
        schedules = newSchedules();
    }

    /** Replaces the process by a new one, as after a crash. */
    void restart() {
        scheduler = newScheduler();
        schedules = newSchedules();
    }

    /** Returns a scheduler whose task starts scans by the schedule in the database. */
    private ManualScheduler newScheduler() {
        Task<Void> task = new AutoScanTask()
                .autoScanExecution(
                        new ScheduledStarter(
                                store,
                                starts,
                                instances,
                                id -> gates.find(id),
                                unused -> decide(),
                                new Launcher(),
                                transaction,
                                clock::now),
                        new FailureBackoff());
        return TestHelper.createManualScheduler(dataSource, List.of(task))
                .clock(clock)
                .alwaysPersistTimestampInUTC()
                .build();
    }

    private Schedules newSchedules() {
        StaticListableBeanFactory beans = new StaticListableBeanFactory();
        beans.addBean("scheduler", scheduler);
        return new Schedules(store, instances, ids -> Map.of(), beans.getBeanProvider(Scheduler.class), clock::now);
    }

    /** Records the start of a scan instead of creating one. */
    private final class Launcher implements ScanLauncher {
        @Override
        public boolean isScanActive(UUID instanceId) {
            return activeUntil != null && clock.now().isBefore(activeUntil);
        }

        @Override
        public UUID launch(
                Instance scannedInstance,
                @Nullable AutoScanConfig config,
                Start.Cause cause,
                String reason,
                @Nullable PassLimits pass) {
            started.add(clock.now());
            activeUntil = clock.now().plus(scanDuration);
            return UUID.randomUUID();
        }
    }

    /** Sets how long each further scan is active. */
    void setScanDuration(Duration duration) {
        scanDuration = duration;
    }

    /** Sets what finds the windows of the instance. */
    void setGates(WindowGateFinder finder) {
        gates = finder;
    }

    /** Sets whether each further start that is due takes place, and why. */
    void setDecision(StartCheck.StartDecision next) {
        decision = next;
    }

    /** Makes each decision about a start throw an exception until a time. */
    void breakUntil(Instant end) {
        brokenUntil = end;
    }

    /** Returns the decision about a start, or throws an exception until {@link #brokenUntil}. */
    private StartCheck.StartDecision decide() {
        if (brokenUntil != null && clock.now().isBefore(brokenUntil)) {
            failures.add(clock.now());
            throw new IllegalStateException("a bug");
        }
        return decision;
    }

    /** Returns the times at which decisions have thrown an exception. */
    List<Instant> failures() {
        return failures;
    }

    /** Changes the configuration as the DCS API does. */
    AutoScanConfig change(AutoScanChange change) {
        return Objects.requireNonNull(transaction.execute(
                status -> schedules.change(instance, change, AutoScanWording.DCS, /* expected= */ null)));
    }

    /** Switches automatic scans on; their timeout is twice the interval. */
    AutoScanConfig enable(Instant first, Duration interval) {
        return change(new AutoScanChange(
                /* enabled= */ true,
                first.toString(),
                (int) interval.toSeconds(),
                (int) Math.max(2, 2 * interval.toSeconds()),
                /* scanKeysCount= */ 100));
    }

    /** Switches automatic scans off. */
    AutoScanConfig disable() {
        return change(new AutoScanChange(
                /* enabled= */ false,
                /* firstScanAt= */ null,
                /* interval= */ null,
                /* timeout= */ null,
                /* scanKeysCount= */ null));
    }

    /** Publishes a change of the windows. */
    void changeWindows() {
        schedules.onWindowsChange(new PolicyChanged(PolicyKind.WINDOWS, "p", instance.id()));
    }

    /** Moves the time forward to {@code end}, and runs every task when it is due. */
    void runUntil(Instant end) {
        for (Instant due = nextDueTime(end); due != null; due = nextDueTime(end)) {
            if (due.isAfter(clock.now())) {
                clock.set(due);
            }
            scheduler.runAnyDueExecutions();
        }
        clock.set(end);
    }

    /** Moves the time forward to {@code end} while no process runs. */
    void stayDownUntil(Instant end) {
        clock.set(end);
        restart();
    }

    /** Returns when the next task is due; null if none is due by {@code end}. */
    private @Nullable Instant nextDueTime(Instant end) {
        return jdbc
                .sql("select min(execution_time) from scheduled_tasks")
                .query((row, number) -> row.getObject(1, OffsetDateTime.class))
                .list()
                .stream()
                .flatMap(Stream::ofNullable)
                .map(OffsetDateTime::toInstant)
                .filter(time -> !time.isAfter(end))
                .findFirst()
                .orElse(null);
    }

    Instant now() {
        return clock.now();
    }

    UUID instanceId() {
        return instance.id();
    }

    /** Returns the times at which scans were started since the last call. */
    List<Instant> takeStarted() {
        List<Instant> sinceTheLastCall = List.copyOf(started);
        started.clear();
        return sinceTheLastCall;
    }

    /** Returns the recorded starts, the latest first. */
    List<Start> recorded() {
        return starts.list(instance.id(), /* offset= */ 0, /* limit= */ 1_000);
    }

    /** Returns the number of tasks that db-scheduler has stored. */
    long storedTasks() {
        return jdbc.sql("select count(*) from scheduled_tasks")
                .query(Long.class)
                .single();
    }
}
