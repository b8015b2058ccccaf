package io.keysweep.server.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keysweep.server.TestDatabase;
import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.config.SettingsLoader;
import io.keysweep.server.control.ActiveSweep;
import io.keysweep.server.control.ControlTesting;
import io.keysweep.server.control.SweepRestriction;
import io.keysweep.server.policy.PolicyChanged;
import io.keysweep.server.policy.PolicyKind;
import io.keysweep.server.policy.PolicyOwner;
import io.keysweep.server.policy.PolicyStore;
import io.keysweep.server.worker.WorkerIdentity;
import io.keysweep.testkit.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Who gets a permit, when several processes ask on one database; time is owned. */
@ParameterizedClass
@ValueSource(strings = {"h2", "postgresql"})
class PermitsIT {

    private static final int SWEEPS = 24;

    @TempDir
    private Path folder;

    private final String dialect;
    private final ManualClock clock = new ManualClock();
    private final List<ActiveSweep> sweeps = new ArrayList<>();
    private DataSource dataSource;
    private JdbcClient jdbc;
    private TransactionTemplate transaction;
    private PolicyStore policies;

    PermitsIT(String dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void open() {
        dataSource = dialect.equals("h2") ? TestDatabase.h2(folder) : TestDatabase.postgres();
        jdbc = JdbcClient.create(dataSource);
        transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
        policies = new PolicyStore(jdbc, event -> {}, clock);
        for (String project : List.of("p", "q")) {
            jdbc.sql("insert into project (id, name, created_at) values (?, ?, current_timestamp)")
                    .params(project, "name-" + project)
                    .update();
        }
    }

    @Test
    void permits_askedForByManyAtOnce_areNeverMoreThanTheBudget_andEverybodyGetsOne() throws Exception {
        List<Permits> processes = List.of(
                process("one", Map.of("KEYSWEEP_BUDGET_SWEEPS", "3")),
                process("two", Map.of("KEYSWEEP_BUDGET_SWEEPS", "3")),
                process("three", Map.of("KEYSWEEP_BUDGET_SWEEPS", "3")));
        for (int i = 0; i < SWEEPS; i++) {
            sweep("p", "host" + i % 5);
        }
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (ExecutorService threads = Executors.newFixedThreadPool(SWEEPS)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < SWEEPS; i++) {
                Permits process = processes.get(i % processes.size());
                ActiveSweep sweep = sweeps.get(i);
                all.add(threads.submit(() -> {
                    while (process.ask(sweep).isPresent()) {
                        rest(process, sweep);
                        awaitDue(sweep);
                    }
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    assertThat(granted()).isLessThanOrEqualTo(3);
                    running.decrementAndGet();
                    end(process, sweep);
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
        assertThat(most.get()).isBetween(1, 3);
        assertThat(count("select count(*) from permit")).isZero();
    }

    @Test
    void permit_thatIsGivenBack_goesToTheOldestWhoFits() {
        Permits process = process("one", Map.of("KEYSWEEP_BUDGET_SWEEPS", "3", "KEYSWEEP_BUDGET_SWEEPS_PER_HOST", "1"));
        ActiveSweep first = sweep("p", "a");
        ActiveSweep second = sweep("p", "b");
        ActiveSweep sameHost = sweep("p", "a");
        ActiveSweep third = sweep("p", "c");
        ActiveSweep young = sweep("q", "d");
        assertThat(why(process, first)).isNull();
        assertThat(why(process, second)).isNull();
        assertThat(why(process, sameHost)).isEqualTo("waits for its budget: 1 of 1 sweeps run on host a");
        // The oldest in line does not fit, which keeps nobody else from running.
        assertThat(why(process, third)).isNull();
        assertThat(why(process, young)).isEqualTo("waits for its budget: 3 of 3 sweeps run in all");
        List.of(sameHost, young).forEach(sweep -> rest(process, sweep));
        assertThat(List.of(due(sameHost), due(young))).containsExactly(false, false);

        end(process, second);
        assertThat(due(sameHost)).isFalse();
        assertThat(due(young)).isTrue();
        end(process, first);
        assertThat(due(sameHost)).isTrue();
        assertThat(why(process, sameHost)).isNull();
        assertThat(granted()).isEqualTo(3);
    }

    @Test
    void budgetOfAProject_isItsOwn_andItsChangeIsFeltAtOnce() {
        Permits process = process("one", Map.of());
        budget(process, "p", 1);
        ActiveSweep first = sweep("p", "a");
        ActiveSweep second = sweep("p", "b");
        ActiveSweep third = sweep("p", "c");
        ActiveSweep other = sweep("q", "a");
        assertThat(why(process, first)).isNull();
        assertThat(why(process, second)).isEqualTo("waits for its budget: 1 of 1 sweeps run in project name-p");
        assertThat(why(process, third)).isNotNull();
        assertThat(why(process, other)).isNull();
        List.of(second, third).forEach(sweep -> rest(process, sweep));

        budget(process, "p", 2);
        assertThat(List.of(due(second), due(third))).containsExactly(true, false);
        assertThat(why(process, second)).isNull();
        // The youngest gives way, counts as long as it still runs, and is the next in line again.
        budget(process, "p", 1);
        assertThat(process.ask(first)).isEmpty();
        assertThat(why(process, second)).isEqualTo("waits for its budget: 2 of 1 sweeps run in project name-p");
        assertThat(granted()).isEqualTo(3);
        rest(process, second);
        assertThat(granted()).isEqualTo(2);
        end(process, first);
        assertThat(List.of(due(second), due(third))).containsExactly(true, false);
        transaction.executeWithoutResult(status -> policies.remove(PolicyKind.BUDGET, PolicyOwner.project("p"), null));
        process.budgetChanged(new PolicyChanged(PolicyKind.BUDGET, "p", null));
        assertThat(due(third)).isTrue();
    }

    @Test
    void permit_isTheSweeps_whicheverProcessRevivesIt_andGoesWithIt() {
        Permits killed = process("killed", Map.of("KEYSWEEP_BUDGET_SWEEPS", "1"));
        Permits heir = process("heir", Map.of("KEYSWEEP_BUDGET_SWEEPS", "1"));
        ActiveSweep sweep = sweep("p", "a");
        ActiveSweep next = sweep("p", "b");
        assertThat(killed.ask(sweep)).isEmpty();
        assertThat(why(heir, next)).isNotNull();
        rest(heir, next);
        assertThat(heir.ask(sweep)).isEmpty();
        assertThat(jdbc.sql("select worker_id from permit where granted_at is not null")
                        .query(String.class)
                        .single())
                .isEqualTo("heir");
        // The scan ends without anybody to give the permit back, as if a process were killed there.
        jdbc.sql("update scan set active_instance_id = null where id = ?")
                .param(sweep.orders().scanId())
                .update();
        heir.settle();
        assertThat(due(next)).isTrue();
        assertThat(heir.ask(next)).isEmpty();
        jdbc.sql("delete from scan where id = ?").param(next.orders().scanId()).update();
        assertThat(count("select count(*) from permit")).isZero();
    }

    @Test
    void sweep_thatRestsForAnotherReason_givesBackItsPermit() {
        Permits process = process("one", Map.of("KEYSWEEP_BUDGET_SWEEPS", "1"));
        ActiveSweep paused = sweep("p", "a");
        ActiveSweep next = sweep("p", "b");
        assertThat(process.ask(paused)).isEmpty();
        assertThat(why(process, next)).isNotNull();
        rest(process, next);
        restOtherwise(process, paused);
        assertThat(due(next)).isTrue();
        assertThat(why(process, paused)).isEqualTo("waits for its budget: 1 of 1 sweeps run in all");
    }

    private Permits process(String id, Map<String, String> variables) {
        Map<String, String> environment = new HashMap<>(variables);
        environment.put("KEYSWEEP_HOME", folder.toString());
        ServiceSettings settings = SettingsLoader.load(List.of(), environment);
        return new Permits(
                new PermitStore(jdbc),
                new Budgets(settings, policies, new JsonMapper()),
                ControlTesting.wakeUps(dataSource, clock),
                new WorkerIdentity(id, "h", 1, "v"),
                transaction,
                clock);
    }

    /** A new sweep in the hands of a worker, younger than all before. */
    private ActiveSweep sweep(String project, String host) {
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
        ActiveSweep sweep = new ActiveSweep(scanId + "/1/" + host + ":1", host, ControlTesting.instructions(jdbc, scanId));
        jdbc.sql("insert into sweep (scan_id, round, node_id, slots, orphans, attempt, finished, visited, reclaimed,"
                        + " expired_keys, exact, alone, steps_may_follow, fraction, longest_stall_us)"
                        + " values (?, 1, ?, '0-16383', 0, 1, false, 0, 0, 0, true, true, false, 0, 0)")
                .params(scanId, host + ":1")
                .update();
        jdbc.sql("insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version)"
                        + " values ('sweep', ?, ?, true, 1)")
                .params(sweep.execution(), clock.instant().atOffset(ZoneOffset.UTC))
                .update();
        sweeps.add(sweep);
        return sweep;
    }

    /** By its budget, as the runner does it: noted, put back, and looked at again. */
    private void rest(Permits process, ActiveSweep sweep) {
        restOtherwise(process, sweep);
        boolean waits = new PermitStore(jdbc)
                .find(sweep.execution())
                .flatMap(process::restraint)
                .isPresent();
        // One that was granted a permit in between has given it back unused, and asks again.
        if (!waits) {
            jdbc.sql("update scheduled_tasks set execution_time = ? where task_instance = ?")
                    .params(clock.instant().atOffset(ZoneOffset.UTC), sweep.execution())
                    .update();
        }
    }

    /** By something that goes on. */
    private void restOtherwise(Permits process, ActiveSweep sweep) {
        transaction.executeWithoutResult(status -> process.rest(sweep.execution()));
        jdbc.sql("update scheduled_tasks set picked = false, execution_time = ? where task_instance = ?")
                .params(clock.instant().plus(Duration.ofDays(1)).atOffset(ZoneOffset.UTC), sweep.execution())
                .update();
    }

    private void end(Permits process, ActiveSweep sweep) {
        transaction.executeWithoutResult(status -> {
            jdbc.sql("update sweep set finished = true where scan_id = ?")
                    .param(sweep.orders().scanId())
                    .update();
            process.release(sweep.execution());
        });
        jdbc.sql("delete from scheduled_tasks where task_instance = ?")
                .param(sweep.execution())
                .update();
    }

    private void budget(Permits process, String project, int most) {
        transaction.executeWithoutResult(status ->
                policies.set(PolicyKind.BUDGET, PolicyOwner.project(project), "{\"sweeps\":" + most + "}", "AK", null));
        process.budgetChanged(new PolicyChanged(PolicyKind.BUDGET, project, null));
    }

    private static @Nullable String why(Permits process, ActiveSweep sweep) {
        return process.ask(sweep).map(SweepRestriction::reason).orElse(null);
    }

    private void awaitDue(ActiveSweep sweep) {
        await().atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> due(sweep));
        jdbc.sql("update scheduled_tasks set picked = true where task_instance = ?")
                .param(sweep.execution())
                .update();
    }

    private boolean due(ActiveSweep sweep) {
        return jdbc.sql("select count(*) from scheduled_tasks where task_instance = ? and execution_time <= ?")
                        .params(sweep.execution(), clock.instant().atOffset(ZoneOffset.UTC))
                        .query(Long.class)
                        .single()
                == 1;
    }

    private long granted() {
        return count("select count(*) from permit where granted_at is not null");
    }

    private long count(String sql) {
        return jdbc.sql(sql).query(Long.class).single();
    }
}
