package io.keysweep.server.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.topology.SlotSet;
import io.keysweep.server.FailingEngine;
import io.keysweep.server.IdleService;
import io.keysweep.server.control.RunningSweeps;
import io.keysweep.server.control.ScanTasks;
import io.keysweep.server.instance.InstanceStore;
import io.keysweep.server.tracing.Traces;
import io.keysweep.server.worker.FailureBackoff;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Tests when a sweep is repeated after an exception of the database, and when it fails for good.
 *
 * <p>An execution is the task of db-scheduler that runs a sweep.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SweepTaskIT {

    private static final String NODE = "127.0.0.1:1";

    private IdleService service;
    private JdbcClient jdbc;
    private SweepKey key;

    @BeforeAll
    void start(@TempDir Path home) throws Exception {
        service = IdleService.start(home);
        jdbc = service.jdbc();
        // The process is treated as a worker, so that sweeps need not wait for one, but runs none itself.
        jdbc.sql("update worker set threads = 4, roles = 'api,worker'").update();
    }

    @BeforeEach
    void addScan() {
        key = new SweepKey(UUID.randomUUID(), /* round= */ 1, NODE);
        UUID instanceId = service.register("orders-" + key.scanId(), "redis://" + NODE);
        jdbc.sql("insert into scan (id, instance_id, active_instance_id, scan_type, state, timeout_seconds, created_at)"
                        + " values (:id, :instance, :instance, 'manual', 'waiting', 36000, current_timestamp)")
                .param("id", key.scanId())
                .param("instance", instanceId)
                .update();
        service.bean(SweepStore.class).insert(SweepRecord.waiting(key.scanId(), /* round= */ 1, NODE, SlotSet.ALL));
    }

    @AfterAll
    void stop() {
        service.close();
    }

    @Test
    void sweep_refusedByTheDatabaseTenTimes_isRepeatedAtGrowingDelays_andThenFails() {
        assertThat(repeat(Collections.nCopies(10, new DataIntegrityViolationException("too long"))))
                .containsExactly(3L, 6L, 12L, 24L, 48L, 60L, 60L, 60L, 60L);

        assertThat(column("select state from scan where id = :id")).isEqualTo("failed");
        assertThat(column("select failure from scan where id = :id"))
                .contains("Internal error; see the service's log.");
        assertThat(column("select failure from sweep where scan_id = :id"))
                .isEqualTo("Internal error; see the service's log.");
    }

    @Test
    void sweep_inAnOutageOfTheDatabase_isRepeatedUntilTheOutageEnds() {
        assertThat(repeat(Collections.nCopies(12, new DataAccessResourceFailureException("unreachable"))))
                .hasSize(12);
        assertThat(column("select state from scan where id = :id")).isEqualTo("running");
    }

    @Test
    void sweep_withNineOtherFailuresAfterALongOutage_isNotGivenUp() {
        // The failures of the outage are not among the ten failures after which a sweep is given up.
        List<RuntimeException> failures = new ArrayList<>();
        failures.addAll(Collections.nCopies(12, new DataAccessResourceFailureException("unreachable")));
        failures.addAll(Collections.nCopies(9, new DataIntegrityViolationException("too long")));

        assertThat(repeat(failures)).hasSize(21).endsWith(60L, 3L, 6L, 12L, 24L, 48L, 60L, 60L, 60L, 60L);
        assertThat(column("select state from scan where id = :id")).isEqualTo("running");
    }

    /** Returns the value of a query about the scan. */
    private String column(String sql) {
        return jdbc.sql(sql).param("id", key.scanId()).query(String.class).single();
    }

    /** Lets the execution fail once with each exception, and returns the delays between the failures in seconds. */
    private List<Long> repeat(List<? extends RuntimeException> failures) {
        return service.repeat(
                ScanTasks.SWEEP,
                key.toString(),
                new SweepTask().sweepExecution(runnerWith(failures.iterator()), new FailureBackoff()),
                failures.size());
    }

    /** Returns a runner whose engine fails in each run, with one exception after the other. */
    private SweepRunner runnerWith(Iterator<? extends RuntimeException> failures) {
        AssistPhase assist = service.bean(AssistPhase.class);
        return new SweepRunner(
                service.bean(SweptScans.class),
                service.bean(SweepStore.class),
                new EngineRuns(
                        service.bean(InstanceStore.class),
                        FailingEngine.throwing(failures),
                        assist,
                        service.bean(SweepMeters.class),
                        InstantSource.system()),
                assist,
                service.bean(RunningSweeps.class),
                service.bean(SweepSettlement.class),
                service.bean(Traces.class),
                InstantSource.system());
    }
}
