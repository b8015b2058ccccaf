package io.keysweep.server.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.discovery.Primary;
import io.keysweep.engine.discovery.Topology;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.SlotSet;
import io.keysweep.server.FailingEngine;
import io.keysweep.server.IdleService;
import io.keysweep.server.control.RunningSweeps;
import io.keysweep.server.control.ScanTasks;
import io.keysweep.server.control.WaitingSweeps;
import io.keysweep.server.instance.InstanceStore;
import io.keysweep.server.sweep.SweepEnded;
import io.keysweep.server.sweep.SweepKey;
import io.keysweep.server.sweep.SweepRecord;
import io.keysweep.server.sweep.SweepStore;
import io.keysweep.server.sweep.SweepTesting;
import io.keysweep.server.worker.FailureBackoff;
import io.keysweep.server.worker.ProjectThreads;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Tests that a round of a large cluster continues on every host if workers die.
 *
 * <p>A round is a set of sweeps that is planned together, one for each primary. An execution is the task of
 * db-scheduler that runs a sweep. The service of this test runs no executions. Instead of workers, the test ends
 * sweeps, informs the planner, and removes executions.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoundPlannerIT {

    private static final int HOSTS = 8;
    private static final int PRIMARIES_PER_HOST = 3;

    private IdleService service;
    private JdbcClient jdbc;
    private RoundPlanner planner;
    private SweepStore sweeps;
    private UUID scanId;

    @BeforeAll
    void start(@TempDir Path home) throws Exception {
        service = IdleService.start(home);
        jdbc = service.jdbc();
        planner = service.bean(RoundPlanner.class);
        sweeps = service.bean(SweepStore.class);
    }

    @BeforeEach
    void plan() {
        scanId = UUID.randomUUID();
        UUID instanceId = service.register("cluster-" + scanId, "redis-cluster://127.0.0.1:1");
        List<SweepRecord> round = IntStream.range(0, HOSTS * PRIMARIES_PER_HOST)
                .mapToObj(i -> SweepRecord.waiting(
                        scanId,
                        /* round= */ 1,
                        "10.0.0." + i % HOSTS + ":" + (7000 + i / HOSTS),
                        SlotSet.parse("" + i)))
                .toList();
        Scan scan = new Scan(
                scanId,
                instanceId,
                ScanType.MANUAL,
                ScanState.WAITING,
                Duration.ofHours(1),
                /* rateCeiling= */ null,
                /* failure= */ null,
                Instant.parse("2026-11-24T10:00:00Z"),
                /* startedAt= */ null,
                /* finishedAt= */ null,
                round);
        service.bean(TransactionTemplate.class).executeWithoutResult(status -> {
            service.bean(ScanTransitions.class).insert(scan);
            planner.begin(scan);
        });
    }

    @AfterEach
    void removePlan() {
        jdbc.sql("delete from scheduled_tasks where task_name in ('plan', 'sweep')")
                .update();
        jdbc.sql("delete from instance").update();
    }

    @AfterAll
    void stop() {
        service.close();
    }

    @Test
    void round_ofSeveralHosts_beginsOnEachHost_andContinuesByHost() {
        // At the beginning, each host has one execution.
        List<SweepKey> executionsAtTheBeginning = executions();
        assertThat(executionsAtTheBeginning)
                .extracting(SweepKey::host)
                .hasSize(HOSTS)
                .doesNotHaveDuplicates();

        SweepKey firstKey = executionsAtTheBeginning.getFirst();
        SweepKey secondKey = executionsAtTheBeginning.get(1);

        // The execution on the second host is missing. The end of the first sweep must not replace it: at the end of
        // each sweep, the planner checks only the host of this sweep, because a large cluster has many.
        remove(secondKey);
        end(firstKey);
        planner.onSweepEnded(new SweepEnded(firstKey));
        remove(firstKey);

        assertThat(executions())
                .hasSize(HOSTS - 1)
                .extracting(SweepKey::host)
                .contains(firstKey.host())
                .doesNotContain(secondKey.host());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void round_whoseWorkersDieAtRandomMoments_leavesNoHostOut(long seed) {
        // A worker ends the sweep, lets the planner plan the next one, and removes its execution. Here, a third of the
        // workers dies after the first of these actions, and a third of the others after the second.
        Random chance = new Random(seed);
        List<SweepKey> ended = new ArrayList<>();
        while (ended.size() < HOSTS * PRIMARIES_PER_HOST) {
            // Until all sweeps have ended, there is always an execution.
            List<SweepKey> due = executions();
            assertThat(due).as("after %s", ended).isNotEmpty();
            SweepKey key = due.get(chance.nextInt(due.size()));
            if (!ended.contains(key)) {
                assertThat(due.stream().filter(other -> other.host().equals(key.host()) && !ended.contains(other)))
                        .as("one sweep a host at a time")
                        .hasSize(1);

                end(key);
                ended.add(key);
                if (chance.nextInt(3) == 0) {
                    continue; // The worker dies, and another one completes its execution later.
                }
            }

            planner.onSweepEnded(new SweepEnded(key));
            if (chance.nextInt(3) > 0) {
                remove(key);
            }
        }

        // Other workers complete the remaining executions. The next step is the plan of round 2, once.
        executions().forEach(key -> {
            planner.onSweepEnded(new SweepEnded(key));
            remove(key);
        });

        assertThat(jdbc.sql("select task_instance from scheduled_tasks where task_name = 'plan'")
                        .query(String.class)
                        .list())
                .containsExactly(PlanTask.id(scanId, /* round= */ 2));
    }

    /** A worker freezes after it has found the primaries. While it is frozen, another worker ends the scan. */
    @Test
    void round_plannedByAWorkerThatWasFrozenUntilTheScanEnded_isDropped() {
        Scan scanOfFrozenWorker = service.bean(ScanStore.class).find(scanId).orElseThrow();

        // Another worker ends the scan.
        service.bean(ScanTransitions.class)
                .finish(scanId, ScanState.FAILED, "ended by another worker", scanOfFrozenWorker.createdAt());

        // The frozen worker continues with the primaries that it has found.
        NodeAddress address = NodeAddress.parse("10.0.0.9:7000");
        Deployment cluster = service.bean(InstanceStore.class)
                .find(scanOfFrozenWorker.instanceId())
                .orElseThrow()
                .deployment();
        service.bean(RoundScheduler.class)
                .scheduleNextRound(
                        scanOfFrozenWorker,
                        cluster,
                        new Topology(List.of(new Primary(address, SlotSet.ALL, List.of())), address));

        assertThat(service.bean(ScanStore.class).find(scanId).orElseThrow().lastRound())
                .isEqualTo(1);
    }

    /** An unexpected exception is a bug of the engine, so the plan is not repeated. */
    @Test
    void plan_thatThrowsAnUnexpectedException_failsTheScanImmediately() {
        plannerWith(new IllegalStateException("a bug")).plan(scanId, /* round= */ 2);

        assertThat(scan().state()).isEqualTo(ScanState.FAILED);
        assertThat(scan().failure()).isEqualTo("Internal error; see the service's log.");
    }

    @Test
    void plan_thatTheDatabaseRefusesTenTimes_isRepeatedNineTimesAndThenFailsTheScan() {
        // The delay doubles from 3 s to 60 s. After the tenth failure there is no delay, because the scan fails.
        assertThat(repeat(new DataIntegrityViolationException("too long"), /* times= */ 10))
                .containsExactly(3L, 6L, 12L, 24L, 48L, 60L, 60L, 60L, 60L);
        assertThat(scan().failure()).isEqualTo("Internal error; see the service's log.");
    }

    @Test
    void plan_inAnOutageOfTheDatabase_isRepeatedUntilTheOutageEnds() {
        assertThat(repeat(new DataAccessResourceFailureException("unreachable"), /* times= */ 12))
                .hasSize(12);
        assertThat(scan().state().active()).isTrue();
    }

    /** Plans a round several times, always without success, and returns the delays between the failures in seconds. */
    private List<Long> repeat(RuntimeException failure, int times) {
        return service.repeat(
                ScanTasks.PLAN,
                PlanTask.id(scanId, /* round= */ 2),
                new PlanTask().planExecution(plannerWith(failure), new FailureBackoff()),
                times);
    }

    /** Returns a planner whose engine throws an exception at each discovery of a cluster. */
    private RoundPlanner plannerWith(RuntimeException failure) {
        return new RoundPlanner(
                service.bean(ScanStore.class),
                service.bean(ScanTransitions.class),
                service.bean(InstanceStore.class),
                FailingEngine.throwing(Stream.generate(() -> failure).iterator()),
                service.bean(ScanDispatcher.class),
                service.bean(RoundScheduler.class),
                service.bean(ScanFinisher.class),
                InstantSource.system(),
                service.bean(RunningSweeps.class),
                service.bean(WaitingSweeps.class),
                new ProjectThreads());
    }

    private Scan scan() {
        return service.bean(ScanStore.class).find(scanId).orElseThrow();
    }

    /** Returns the sweeps that have an execution. */
    private List<SweepKey> executions() {
        return jdbc
                .sql("select task_instance from scheduled_tasks where task_name = 'sweep' order by task_instance")
                .query(String.class)
                .list()
                .stream()
                .map(key -> SweepKey.parse(String.valueOf(key)))
                .toList();
    }

    /** Ends a sweep, as a worker does before it completes the execution. */
    private void end(SweepKey key) {
        SweepTesting.fail(jdbc, sweeps, key);
    }

    /** Removes the execution of a sweep, as the worker that completes it does. */
    private void remove(SweepKey key) {
        jdbc.sql("delete from scheduled_tasks where task_instance = :key")
                .param("key", key.toString())
                .update();
    }
}
