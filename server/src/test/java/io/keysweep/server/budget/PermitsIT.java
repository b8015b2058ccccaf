package io.keysweep.server.budget;

import static io.keysweep.server.budget.PermitSimulation.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.control.ActiveSweep;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests which sweeps get a permit when several processes request permits on one database. The test sets the time.
 *
 * <p>A permit allows one sweep to run. A budget limits how many sweeps run at the same time, in total, per project and
 * per host. A sweep that must wait has a task that is due later; when the sweep gets a permit, the task is due
 * immediately.
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
    void permits_requestedByManySweepsAtATime_reachEachSweepWithinTheBudget() throws Exception {
        int budget = 3;
        Map<String, String> variables = Map.of("KEYSWEEP_BUDGET_SWEEPS", String.valueOf(budget));
        List<Permits> processes = List.of(
                simulation.process("one", variables),
                simulation.process("two", variables),
                simulation.process("three", variables));
        for (int i = 0; i < SWEEPS; i++) {
            sweeps.add(simulation.addSweep("p", "host" + i % 5));
        }

        // Each thread runs one sweep: it waits until the sweep has a permit, and then ends the sweep.
        AtomicInteger running = new AtomicInteger();
        AtomicInteger maxRunning = new AtomicInteger();
        try (ExecutorService threads = Executors.newFixedThreadPool(SWEEPS)) {
            List<Future<?>> runs = new ArrayList<>();
            for (int i = 0; i < SWEEPS; i++) {
                Permits process = processes.get(i % processes.size());
                ActiveSweep sweep = sweeps.get(i);
                runs.add(threads.submit(() -> {
                    while (request(process, sweep) != null) {
                        simulation.waitForBudget(process, sweep);
                        simulation.awaitDue(sweep);
                    }
                    maxRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
                    assertThat(simulation.granted()).isLessThanOrEqualTo(budget);
                    running.decrementAndGet();
                    simulation.end(process, sweep);
                }));
            }

            for (Future<?> run : runs) {
                run.get();
            }
        }

        assertThat(maxRunning.get()).isBetween(1, budget);
        assertThat(simulation.count("select count(*) from permit")).isZero();
    }

    /** No budget is set, so permits are granted without the lock that all processes share while threads are free. */
    @Test
    void permits_requestedByTwoProcessesAtATime_areAsManyAsTheWorkersHaveThreads() throws Exception {
        simulation.setThreads(PermitSimulation.LARGE_WORKER, 0);
        List<Permits> processes = new ArrayList<>();
        for (String id : List.of("one", "two")) {
            simulation.setThreads(id, 2);
            processes.add(simulation.process(id, Map.of()));
        }

        for (int round = 0; round < 20; round++) {
            List<ActiveSweep> sweepsOfRound = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                sweepsOfRound.add(simulation.addSweep("p", "host"));
            }
            CyclicBarrier start = new CyclicBarrier(sweepsOfRound.size());
            try (ExecutorService threads = Executors.newFixedThreadPool(sweepsOfRound.size())) {
                List<Future<?>> requests = new ArrayList<>();
                for (int i = 0; i < sweepsOfRound.size(); i++) {
                    Permits process = processes.get(i % processes.size());
                    ActiveSweep sweep = sweepsOfRound.get(i);
                    requests.add(threads.submit(() -> {
                        start.await();
                        return request(process, sweep);
                    }));
                }
                for (Future<?> request : requests) {
                    request.get();
                }
            }

            // A process that grants under the lock may not see a permit that another one is just granting.
            processes.getFirst().repair();
            assertThat(simulation.count("select count(*) from permit where granted_at is not null and not recalled"))
                    .isEqualTo(4);
            sweepsOfRound.forEach(sweep -> simulation.end(processes.getFirst(), sweep));
        }
    }

    @Test
    void permit_thatIsReleased_goesToTheOldestSweepThatFits() {
        Permits process = simulation.process(
                "one", Map.of("KEYSWEEP_BUDGET_SWEEPS", "3", "KEYSWEEP_BUDGET_SWEEPS_PER_HOST", "1"));
        ActiveSweep first = simulation.addSweep("p", "a");
        ActiveSweep second = simulation.addSweep("p", "b");
        ActiveSweep sameHost = simulation.addSweep("p", "a");
        ActiveSweep third = simulation.addSweep("p", "c");
        ActiveSweep youngest = simulation.addSweep("q", "d");

        // The oldest waiting sweep does not fit, because its host is full. A younger sweep of another host can run.
        assertThat(request(process, first)).isNull();
        assertThat(request(process, second)).isNull();
        assertThat(request(process, sameHost)).isEqualTo("waits for its budget: 1 of 1 sweeps run on host a");
        assertThat(request(process, third)).isNull();
        assertThat(request(process, youngest)).isEqualTo("waits for its budget: 3 of 3 sweeps run in all");

        List.of(sameHost, youngest).forEach(sweep -> simulation.waitForBudget(process, sweep));
        assertThat(List.of(simulation.isDue(sameHost), simulation.isDue(youngest)))
                .containsExactly(false, false);

        // The end of a sweep on host b leaves host a full.
        simulation.end(process, second);
        assertThat(simulation.isDue(sameHost)).isFalse();
        assertThat(simulation.isDue(youngest)).isTrue();

        // The end of the sweep on host a lets the oldest waiting sweep run.
        simulation.end(process, first);
        assertThat(simulation.isDue(sameHost)).isTrue();
        assertThat(request(process, sameHost)).isNull();
        assertThat(simulation.granted()).isEqualTo(3);
    }

    @Test
    void budgetOfAProject_limitsThatProjectOnly_andItsChangeAppliesImmediately() {
        Permits process = simulation.process("one", Map.of());
        simulation.setBudget(process, "p", 1);
        ActiveSweep first = simulation.addSweep("p", "a");
        ActiveSweep second = simulation.addSweep("p", "b");
        ActiveSweep third = simulation.addSweep("p", "c");
        ActiveSweep sweepOfOtherProject = simulation.addSweep("q", "a");

        assertThat(request(process, first)).isNull();
        assertThat(request(process, second)).isEqualTo("waits for its budget: 1 of 1 sweeps run in project name-p");
        assertThat(request(process, third)).isNotNull();
        assertThat(request(process, sweepOfOtherProject)).isNull();

        List.of(second, third).forEach(sweep -> simulation.waitForBudget(process, sweep));

        // A larger budget wakes the oldest waiting sweep.
        simulation.setBudget(process, "p", 2);
        assertThat(List.of(simulation.isDue(second), simulation.isDue(third))).containsExactly(true, false);
        assertThat(request(process, second)).isNull();

        // A smaller budget makes the younger of the two running sweeps wait. Its permit counts until it has stopped.
        simulation.setBudget(process, "p", 1);
        assertThat(process.request(first)).isEmpty();
        assertThat(request(process, second)).isEqualTo("waits for its budget: 2 of 1 sweeps run in project name-p");
        assertThat(simulation.granted()).isEqualTo(3);

        simulation.waitForBudget(process, second);
        assertThat(simulation.granted()).isEqualTo(2);

        // The stopped sweep is the first in the queue.
        simulation.end(process, first);
        assertThat(List.of(simulation.isDue(second), simulation.isDue(third))).containsExactly(true, false);

        // Without a budget, all sweeps run.
        simulation.removeBudget(process, "p");
        assertThat(simulation.isDue(third)).isTrue();
    }

    @Test
    void permit_ofADeletedScan_isDeleted() {
        Permits process = simulation.process("one", Map.of("KEYSWEEP_BUDGET_SWEEPS", "1"));
        ActiveSweep sweep = simulation.addSweep("p", "a");

        assertThat(process.request(sweep)).isEmpty();
        assertThat(simulation.granted()).isEqualTo(1);

        simulation
                .jdbc()
                .sql("delete from scan where id = ?")
                .param(sweep.instructions().scanId())
                .update();
        assertThat(simulation.count("select count(*) from permit")).isZero();
    }

    @Test
    void sweep_thatIsPaused_releasesItsPermit_whichTheNextSweepGets() {
        Permits process = simulation.process("one", Map.of("KEYSWEEP_BUDGET_SWEEPS", "1"));
        ActiveSweep paused = simulation.addSweep("p", "a");
        ActiveSweep next = simulation.addSweep("p", "b");

        assertThat(process.request(paused)).isEmpty();
        assertThat(request(process, next)).isNotNull();

        simulation.waitForBudget(process, next);

        simulation.pauseForADay(process, paused);
        assertThat(simulation.isDue(next)).isTrue();
        assertThat(request(process, paused)).isEqualTo("waits for its budget: 1 of 1 sweeps run in all");
    }

    @Test
    void freePermit_goesToTheProjectWithTheFewestGrantedPermits() {
        Permits process = simulation.process("one", Map.of());
        simulation.setThreads(PermitSimulation.LARGE_WORKER, 0);
        simulation.setThreads("one", 2);
        simulation.setThreads("two", 2);
        for (int i = 0; i < 6; i++) {
            sweeps.add(simulation.addSweep("p", "h" + i));
        }
        List<ActiveSweep> sweepsOfQ = List.of(simulation.addSweep("q", "a"), simulation.addSweep("q", "b"));

        // Project p is first, and its sweeps get all four threads.
        sweeps.subList(0, 4)
                .forEach(sweep -> assertThat(request(process, sweep)).isNull());
        assertThat(request(process, sweeps.get(4))).isEqualTo("waits for a worker: 4 of 4 run, project name-p has 4");
        assertThat(request(process, sweeps.get(5))).isNotNull();

        sweepsOfQ.forEach(sweep ->
                assertThat(request(process, sweep)).isEqualTo("waits for a worker: 4 of 4 run, project name-q has 0"));
        sweeps.subList(4, 6).forEach(sweep -> simulation.waitForBudget(process, sweep));
        sweepsOfQ.forEach(sweep -> simulation.waitForBudget(process, sweep));

        // Project q gets the next two permits, although its sweeps are younger. Then each project has two.
        simulation.end(process, sweeps.get(0));
        assertThat(simulation.isDue(sweepsOfQ.get(0))).isTrue();

        simulation.end(process, sweeps.get(1));
        assertThat(simulation.isDue(sweepsOfQ.get(1))).isTrue();

        // Now project p has the fewest, and its oldest sweep gets the permit.
        simulation.end(process, sweeps.get(2));
        assertThat(List.of(simulation.isDue(sweeps.get(4)), simulation.isDue(sweeps.get(5))))
                .containsExactly(true, false);
    }
}
