package io.keysweep.server.budget;

import static io.keysweep.server.budget.PermitSimulation.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.control.ActiveSweep;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests which sweeps get a permit when several processes request permits on one database. The test sets the time.
 *
 * <p>A permit allows one sweep to run within the budgets, the limits of sweeps at once.
 */
@ParameterizedClass
@ValueSource(strings = {"h2", "postgresql"})
class PermitsIT {

    private static final int SWEEPS = 24;

    private final String dialect;
    private final List<ActiveSweep> sweeps = new ArrayList<>();
    private PermitSimulation simulation;

    PermitsIT(String dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        simulation = new PermitSimulation(dialect, folder);
    }

    @Test
    void permits_requestedByManyAtOnce_neverExceedTheBudgetAndEverySweepGetsOne() throws Exception {
        List<Permits> processes = List.of(
                simulation.process("one", Map.of("KEYSWEEP_BUDGET_SWEEPS", "3")),
                simulation.process("two", Map.of("KEYSWEEP_BUDGET_SWEEPS", "3")),
                simulation.process("three", Map.of("KEYSWEEP_BUDGET_SWEEPS", "3")));
        for (int i = 0; i < SWEEPS; i++) {
            sweeps.add(simulation.addSweep("p", "host" + i % 5));
        }
        AtomicInteger running = new AtomicInteger();
        AtomicInteger max = new AtomicInteger();
        try (ExecutorService threads = Executors.newFixedThreadPool(SWEEPS)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < SWEEPS; i++) {
                Permits process = processes.get(i % processes.size());
                ActiveSweep sweep = sweeps.get(i);
                all.add(threads.submit(() -> {
                    while (request(process, sweep) != null) {
                        simulation.waitForBudget(process, sweep);
                        simulation.awaitDue(sweep);
                    }
                    max.accumulateAndGet(running.incrementAndGet(), Math::max);
                    assertThat(simulation.granted()).isLessThanOrEqualTo(3);
                    running.decrementAndGet();
                    simulation.end(process, sweep);
                }));
            }

            for (Future<?> one : all) {
                one.get();
            }
        }

        assertThat(max.get()).isBetween(1, 3);
        assertThat(simulation.count("select count(*) from permit")).isZero();
    }

    @Test
    void permit_thatIsReleased_goesToTheOldestSweepThatFits() {
        Permits process = simulation.process(
                "one", Map.of("KEYSWEEP_BUDGET_SWEEPS", "3", "KEYSWEEP_BUDGET_SWEEPS_PER_HOST", "1"));
        ActiveSweep first = simulation.addSweep("p", "a");
        ActiveSweep second = simulation.addSweep("p", "b");
        ActiveSweep sameHost = simulation.addSweep("p", "a");
        ActiveSweep third = simulation.addSweep("p", "c");
        ActiveSweep young = simulation.addSweep("q", "d");
        assertThat(request(process, first)).isNull();
        assertThat(request(process, second)).isNull();
        assertThat(request(process, sameHost)).isEqualTo("waits for its budget: 1 of 1 sweeps run on host a");
        // The oldest sweep in the queue does not fit, but younger sweeps can run.
        assertThat(request(process, third)).isNull();
        assertThat(request(process, young)).isEqualTo("waits for its budget: 3 of 3 sweeps run in all");

        List.of(sameHost, young).forEach(sweep -> simulation.waitForBudget(process, sweep));
        assertThat(List.of(simulation.isDue(sameHost), simulation.isDue(young))).containsExactly(false, false);

        simulation.end(process, second);
        assertThat(simulation.isDue(sameHost)).isFalse();
        assertThat(simulation.isDue(young)).isTrue();

        simulation.end(process, first);
        assertThat(simulation.isDue(sameHost)).isTrue();
        assertThat(request(process, sameHost)).isNull();
        assertThat(simulation.granted()).isEqualTo(3);
    }

    @Test
    void budgetOfAProject_limitsThatProjectOnly_andItsChangeAppliesAtOnce() {
        Permits process = simulation.process("one", Map.of());
        simulation.setBudget(process, "p", 1);
        ActiveSweep first = simulation.addSweep("p", "a");
        ActiveSweep second = simulation.addSweep("p", "b");
        ActiveSweep third = simulation.addSweep("p", "c");
        ActiveSweep other = simulation.addSweep("q", "a");
        assertThat(request(process, first)).isNull();
        assertThat(request(process, second)).isEqualTo("waits for its budget: 1 of 1 sweeps run in project name-p");
        assertThat(request(process, third)).isNotNull();
        assertThat(request(process, other)).isNull();

        List.of(second, third).forEach(sweep -> simulation.waitForBudget(process, sweep));

        simulation.setBudget(process, "p", 2);
        assertThat(List.of(simulation.isDue(second), simulation.isDue(third))).containsExactly(true, false);
        assertThat(request(process, second)).isNull();

        // The youngest sweep must wait. It counts while it still runs, and is then the first in the queue.
        simulation.setBudget(process, "p", 1);
        assertThat(process.request(first)).isEmpty();
        assertThat(request(process, second)).isEqualTo("waits for its budget: 2 of 1 sweeps run in project name-p");
        assertThat(simulation.granted()).isEqualTo(3);

        simulation.waitForBudget(process, second);
        assertThat(simulation.granted()).isEqualTo(2);

        simulation.end(process, first);
        assertThat(List.of(simulation.isDue(second), simulation.isDue(third))).containsExactly(true, false);

        simulation.removeBudget(process, "p");
        assertThat(simulation.isDue(third)).isTrue();
    }

    @Test
    void permit_ofASweepThatIsRevived_belongsToTheSweepAndIsRemovedWithIt() {
        Permits killed = simulation.process("killed", Map.of("KEYSWEEP_BUDGET_SWEEPS", "1"));
        Permits survivor = simulation.process("survivor", Map.of("KEYSWEEP_BUDGET_SWEEPS", "1"));
        ActiveSweep sweep = simulation.addSweep("p", "a");
        ActiveSweep next = simulation.addSweep("p", "b");

        assertThat(killed.request(sweep)).isEmpty();
        assertThat(request(survivor, next)).isNotNull();

        simulation.waitForBudget(survivor, next);
        assertThat(survivor.request(sweep)).isEmpty();
        assertThat(simulation
                        .jdbc()
                        .sql("select worker_id from permit where granted_at is not null")
                        .query(String.class)
                        .single())
                .isEqualTo("survivor");

        // The scan ends and its permit stays, as if the process were killed before it releases the permit.
        simulation
                .jdbc()
                .sql("update scan set active_instance_id = null where id = ?")
                .param(sweep.instructions().scanId())
                .update();
        survivor.repair();
        assertThat(simulation.isDue(next)).isTrue();
        assertThat(survivor.request(next)).isEmpty();

        simulation
                .jdbc()
                .sql("delete from scan where id = ?")
                .param(next.instructions().scanId())
                .update();
        assertThat(simulation.count("select count(*) from permit")).isZero();
    }

    /**
     * A worker checks once more whether its sweep must wait after it has rescheduled the execution. A worker that is
     * killed in between does not, so the permit that the sweep was granted meanwhile wakes nothing.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void wakeUpThatACrashHasPrevented_isMadeUpFor(boolean grantedBeforeTheRelease) {
        Permits process = simulation.process("one", Map.of("KEYSWEEP_BUDGET_SWEEPS", "1"));
        ActiveSweep first = simulation.addSweep("p", "a");
        ActiveSweep second = simulation.addSweep("p", "b");
        assertThat(request(process, first)).isNull();
        assertThat(request(process, second)).isNotNull();

        if (grantedBeforeTheRelease) {
            simulation.end(process, first);
            simulation.releaseWhileWaiting(process, second);
        } else {
            simulation.releaseWhileWaiting(process, second);
            simulation.end(process, first);
        }
        simulation.putBack(second);
        assertThat(simulation.isDue(second)).isFalse();

        process.repair();
        assertThat(simulation.isDue(second)).isTrue();
        assertThat(request(process, second)).isNull();
    }

    /** A pause ended, and the process crashed before the wake-up. {@code WakeUpsTest} tests this case in detail. */
    @Test
    void endOfAPause_whoseWakeUpACrashHasPrevented_isMadeUpFor() {
        ActiveSweep paused = simulation.addSweep("p", "a");
        ActiveSweep resumed = simulation.addSweep("p", "b");
        List.of(paused, resumed).forEach(simulation::putBack);
        simulation.jdbc().sql("update sweep set hold = 'paused by ann: backup'").update();
        simulation
                .jdbc()
                .sql("update scan set paused_by = 'ann' where id = ?")
                .param(paused.instructions().scanId())
                .update();
        simulation.wakeUps().wakeHeldInVain();
        assertThat(List.of(simulation.isDue(paused), simulation.isDue(resumed))).containsExactly(false, true);
    }

    @Test
    void sweep_thatWaitsForAnotherReason_releasesItsPermit() {
        Permits process = simulation.process("one", Map.of("KEYSWEEP_BUDGET_SWEEPS", "1"));
        ActiveSweep paused = simulation.addSweep("p", "a");
        ActiveSweep next = simulation.addSweep("p", "b");
        assertThat(process.request(paused)).isEmpty();
        assertThat(request(process, next)).isNotNull();
        simulation.waitForBudget(process, next);
        simulation.waitForOtherReason(process, paused);
        assertThat(simulation.isDue(next)).isTrue();
        assertThat(request(process, paused)).isEqualTo("waits for its budget: 1 of 1 sweeps run in all");
    }

    @Test
    void permit_goesToTheProjectWithTheFewest_andThoseOfLostWorkersAreFreed() {
        Permits process = simulation.process("one", Map.of());
        simulation.setThreads("large", 0);
        simulation.setThreads("one", 2);
        simulation.setThreads("two", 2);
        for (int i = 0; i < 6; i++) {
            sweeps.add(simulation.addSweep("p", "h" + i));
        }
        List<ActiveSweep> others = List.of(simulation.addSweep("q", "a"), simulation.addSweep("q", "b"));
        sweeps.subList(0, 4)
                .forEach(sweep -> assertThat(request(process, sweep)).isNull());
        assertThat(request(process, sweeps.get(4))).isEqualTo("waits for a worker: 4 of 4 run, project name-p has 4");
        assertThat(request(process, sweeps.get(5))).isNotNull();

        others.forEach(sweep ->
                assertThat(request(process, sweep)).isEqualTo("waits for a worker: 4 of 4 run, project name-q has 0"));
        sweeps.subList(4, 6).forEach(sweep -> simulation.waitForBudget(process, sweep));
        others.forEach(sweep -> simulation.waitForBudget(process, sweep));

        simulation.end(process, sweeps.get(0));
        assertThat(simulation.isDue(others.get(0))).isTrue();

        simulation.end(process, sweeps.get(1));
        assertThat(simulation.isDue(others.get(1))).isTrue();

        simulation.end(process, sweeps.get(2));
        assertThat(List.of(simulation.isDue(sweeps.get(4)), simulation.isDue(sweeps.get(5))))
                .containsExactly(true, false);

        // Process two ran two of the sweeps. Without it, they wait in their queues like all others.
        Permits two = simulation.process("two", Map.of());
        assertThat(request(two, others.get(0))).isNull();
        assertThat(request(two, others.get(1))).isNull();

        simulation.setThreads("two", 0);
        process.repair();
        assertThat(simulation.granted()).isEqualTo(2);
        assertThat(request(two, others.get(1))).isEqualTo("waits for a worker: 2 of 2 run, project name-q has 0");

        simulation.setThreads("two", 2);
        process.repair();
        assertThat(simulation.granted()).isEqualTo(4);
    }
}
