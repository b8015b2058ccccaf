package io.keysweep.server.budget;

import static io.keysweep.server.budget.PermitSimulation.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.control.ActiveSweep;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that no permit is lost or kept unused after a process was killed. The test sets the time.
 *
 * <p>A permit allows one sweep to run. A process can be killed between the writes that together release or grant a
 * permit. {@link Permits#repair} completes them.
 */
@ParameterizedClass
@ValueSource(strings = {"h2", "postgresql"})
class PermitRepairIT {

    private final String dialect;
    private PermitSimulation simulation;

    PermitRepairIT(String dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        simulation = new PermitSimulation(dialect, folder);
    }

    @Test
    void permit_ofASweepThatAnotherProcessContinues_isAssignedToThatProcess() {
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
    }

    /** A process can be killed after its scan has ended and before it releases the permit. */
    @Test
    void repair_afterACrashBeforeTheRelease_freesThePermitForTheNextSweep() {
        Permits process = simulation.process("one", Map.of("KEYSWEEP_BUDGET_SWEEPS", "1"));
        ActiveSweep sweep = simulation.addSweep("p", "a");
        ActiveSweep next = simulation.addSweep("p", "b");

        assertThat(process.request(sweep)).isEmpty();
        assertThat(request(process, next)).isNotNull();

        simulation.waitForBudget(process, next);

        // The scan has ended, but its sweep still has the permit.
        simulation
                .jdbc()
                .sql("update scan set active_instance_id = null where id = ?")
                .param(sweep.instructions().scanId())
                .update();
        process.repair();

        assertThat(simulation.isDue(next)).isTrue();
        assertThat(process.request(next)).isEmpty();
    }

    /**
     * A worker reschedules the task of a sweep that must wait, and then checks again whether the sweep must wait. If
     * the worker is killed in between, nothing wakes a sweep that was granted a permit in the meantime.
     *
     * @param grantedBeforeTheRelease whether the waiting sweep is granted the permit before it releases it as unused
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void repair_afterACrashThatPreventedAWakeUp_wakesTheSweep(boolean grantedBeforeTheRelease) {
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
        simulation.rescheduleToTomorrow(second);

        assertThat(simulation.isDue(second)).isFalse();

        process.repair();
        assertThat(simulation.isDue(second)).isTrue();
        assertThat(request(process, second)).isNull();
    }

    /** A process can crash between the end of a pause and the wake-up. {@code WakeUpsTest} tests this in detail. */
    @Test
    void wakeUp_afterACrashAtTheEndOfAPause_wakesTheResumedSweepOnly() {
        ActiveSweep paused = simulation.addSweep("p", "a");
        ActiveSweep resumed = simulation.addSweep("p", "b");
        List.of(paused, resumed).forEach(simulation::rescheduleToTomorrow);
        simulation.jdbc().sql("update sweep set hold = 'paused by ann: backup'").update();
        simulation
                .jdbc()
                .sql("update scan set paused_by = 'ann' where id = ?")
                .param(paused.instructions().scanId())
                .update();

        simulation.wakeUps().wakeSweepsWithoutReasonToWait();

        assertThat(List.of(simulation.isDue(paused), simulation.isDue(resumed))).containsExactly(false, true);
    }

    @Test
    void repair_afterTheLossOfAWorker_putsItsSweepsBackInTheQueue() {
        Permits survivor = simulation.process("one", Map.of());
        Permits lostProcess = simulation.process("two", Map.of());
        simulation.setThreads(PermitSimulation.LARGE_WORKER, 0);
        simulation.setThreads("one", 2);
        simulation.setThreads("two", 2);
        for (int i = 0; i < 2; i++) {
            assertThat(request(survivor, simulation.addSweep("p", "h" + i))).isNull();
        }
        List<ActiveSweep> sweepsOfQ = List.of(simulation.addSweep("q", "a"), simulation.addSweep("q", "b"));
        sweepsOfQ.forEach(sweep -> assertThat(request(lostProcess, sweep)).isNull());

        // The second worker is lost, so its two sweeps lose their permits.
        simulation.setThreads("two", 0);
        survivor.repair();

        assertThat(simulation.granted()).isEqualTo(2);
        assertThat(request(lostProcess, sweepsOfQ.get(1)))
                .isEqualTo("waits for a worker: 2 of 2 run, project name-q has 0");

        // When the second worker is back, they get permits again.
        simulation.setThreads("two", 2);
        survivor.repair();

        assertThat(simulation.granted()).isEqualTo(4);
    }
}
