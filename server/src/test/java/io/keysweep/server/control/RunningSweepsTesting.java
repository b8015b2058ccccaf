package io.keysweep.server.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.server.TestDatabase;
import io.keysweep.server.config.SettingsLoader;
import io.keysweep.server.scan.InstructionWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Runs the sweep of one scan under {@link RunningSweeps}, without an engine, for tests of this package.
 *
 * <p>A test puts restrictions, allowances and ceilings into the maps, and moves {@link #now}. The maximum duration of
 * the scan is 60 s.
 */
abstract class RunningSweepsTesting {

    /** The time at the beginning of each test. */
    static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    /** The user, the reason and the time of an instruction. */
    static final Intervention BY_ANN = new Intervention("ann", "backup", NOW);

    /** A restriction by a closed window: the sweep waits, and is checked again an hour later. */
    static final SweepRestriction CLOSED = SweepRestriction.by(
            new SweepControl.SweepIntervention("windows", "closed"), /* ends= */ false, NOW.plusSeconds(3_600));

    final UUID scanId = UUID.randomUUID();

    /** The id of the sweep's task in db-scheduler. */
    final String execution = scanId + "/1/127.0.0.1:6379";

    final SweepControl control = new SweepControl();

    /** The restrictions that apply, by the id of the task. */
    final Map<String, SweepRestriction> restrictions = new HashMap<>();

    /** The allowances, which are the paces that a shared budget leaves, by the id of the task. */
    final Map<String, HostAllowance> allowances = new HashMap<>();

    final UUID instanceId = UUID.randomUUID();

    /** The ceilings of instances, by their ids. */
    final Map<UUID, Ceilings> instanceCeilings = new HashMap<>();

    /** The current time, which a test may change. */
    Instant now = NOW;

    JdbcClient jdbc;
    InstructionWriter instructions;
    HoldStore holds;
    WaitingSweeps waiting;
    WakeUps wakeUps;

    /** The object under test: the sweeps that run in this process. */
    RunningSweeps running;

    @BeforeEach
    void open(@TempDir Path folder) {
        DataSource dataSource = TestDatabase.h2(folder);
        jdbc = JdbcClient.create(dataSource);
        instructions = new InstructionWriter(jdbc);
        holds = new HoldStore(jdbc);
        InstructionStore store = new InstructionStore(jdbc);
        SweepDecisions decisions = new SweepDecisions(store, List.of((sweeps, moment) -> Map.copyOf(restrictions)));
        wakeUps = ControlTesting.wakeUps(dataSource, () -> now);
        waiting = new WaitingSweeps(decisions, wakeUps, () -> now);
        running = new RunningSweeps(
                store,
                decisions,
                sweeps -> Map.copyOf(allowances),
                ids -> Map.copyOf(instanceCeilings),
                wakeUps,
                SettingsLoader.load(List.of(), Map.of("KEYSWEEP_HOME", folder.toString())),
                () -> now);
        // The database has a scan with one sweep, whose task is due in ten seconds.
        jdbc.sql("insert into project (id, name, created_at) values ('p', 'p', current_timestamp)")
                .update();
        jdbc.sql("insert into instance (id, project_id, name, uri, created_at)"
                        + " values (?, 'p', 'i', 'redis://127.0.0.1', current_timestamp)")
                .param(instanceId)
                .update();
        jdbc.sql("insert into scan (id, instance_id, active_instance_id, scan_type, state, timeout_seconds, created_at)"
                        + " values (?, ?, ?, 'manual', 'waiting', 60, current_timestamp)")
                .params(scanId, instanceId, instanceId)
                .update();
        jdbc.sql("insert into sweep (scan_id, round, node_id, slots, orphans, attempt, finished, visited, reclaimed,"
                        + " expired_keys, exact, alone, steps_may_follow, fraction, longest_stall_us)"
                        + " values (?, 1, '127.0.0.1:6379', '0-16383', 0, 1, false, 0, 0, 0, true, true, false, 0, 0)")
                .param(scanId)
                .update();
        jdbc.sql("insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version)"
                        + " values ('sweep', ?, ?, false, 1)")
                .params(execution, NOW.plusSeconds(10).atOffset(ZoneOffset.UTC))
                .update();
    }

    /** Creates a handle of the sweep, which is not registered yet. */
    SweepHandle newHandle() {
        return running.newHandle(execution, "127.0.0.1", scanId, control);
    }

    /** Begins the sweep, which must be allowed to run. */
    SweepHandle begin() {
        SweepHandle handle = newHandle();
        assertThat(running.register(handle)).isEqualTo(new SweepDecision.GoOn());
        return handle;
    }

    /** Registers the sweep, as a worker does when it picks the task; deregisters it again, and returns the decision. */
    SweepDecision decision() {
        SweepHandle handle = newHandle();
        SweepDecision decision = running.register(handle);
        running.deregister(handle);
        return decision;
    }

    /** Returns when the task of the sweep is due. */
    Instant due() {
        return jdbc.sql("select execution_time from scheduled_tasks")
                .query(OffsetDateTime.class)
                .single()
                .toInstant();
    }
}
