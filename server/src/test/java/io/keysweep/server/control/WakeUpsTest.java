package io.keysweep.server.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Tests which changes wake a sweep that waits without a worker, and how a lost wake-up is found later.
 *
 * <p>A sweep that must wait for long frees its worker: its execution is due much later. A wake-up makes it due now.
 */
class WakeUpsTest extends RunningSweepsTesting {

    @Test
    void decision_ofAPausedScan_waitsUntilItIsWoken() {
        instructions.pause(scanId, ANN);
        assertThat(decision()).isEqualTo(new SweepDecision.Wait("paused by ann: backup", null, /* requested= */ true));
        assertThat(due()).isAfter(NOW);
        instructions.resume(scanId);
        running.wake(scanId);
        assertThat(due()).isEqualTo(NOW);
        assertThat(decision()).isEqualTo(new SweepDecision.GoOn());
    }

    @Test
    void decision_underAHold_waitsUnlessItIsOfAnotherProject() {
        holds.put(new HoldStore.Hold("other", ANN));
        assertThat(decision()).isEqualTo(new SweepDecision.GoOn());
        holds.put(new HoldStore.Hold("p", ANN));
        assertThat(decision()).isInstanceOf(SweepDecision.Wait.class);
        holds.remove("p");
        running.wakeProject("other");
        assertThat(due()).isAfter(NOW);
        running.wakeProject("p");
        assertThat(due()).isEqualTo(NOW);
        holds.put(new HoldStore.Hold(HoldStore.EVERYTHING, ANN));
        assertThat(decision()).isInstanceOf(SweepDecision.Wait.class);
    }

    @Test
    void resume_whileTheWorkerIsHandedBack_isFoundAfterwards() {
        instructions.pause(scanId, ANN);
        jdbc.sql("update scheduled_tasks set picked = true").update();
        instructions.resume(scanId);
        running.wake(scanId);
        jdbc.sql("update scheduled_tasks set picked = false").update();
        assertThat(due()).isAfter(NOW);
        waiting.recheckAfter("paused by ann: backup", execution, "127.0.0.1", scanId);
        assertThat(due()).isEqualTo(NOW);
    }

    @Test
    void recheck_ofAWaitingSweep_wakesItOnlyIfTheReasonHasChanged() {
        restrictions.put(execution, CLOSED);
        waiting.recheckAfter(CLOSED.reason(), execution, "127.0.0.1", scanId);
        assertThat(due()).isAfter(NOW);
        waiting.recheckAfter("paused by ann: backup", execution, "127.0.0.1", scanId);
        assertThat(due()).isEqualTo(NOW);
    }

    /** A worker that is killed right after it reschedules an execution does not check whether the sweep must wait. */
    @Test
    void resume_whoseWakeUpACrashHasPrevented_isMadeUpFor() {
        instructions.pause(scanId, ANN);
        holds.put(new HoldStore.Hold("p", ANN));
        recordHold("paused by ann: backup");
        wakeUps.wakeHeldInVain();
        assertThat(due()).isAfter(NOW);

        instructions.resume(scanId);
        wakeUps.wakeHeldInVain();
        assertThat(due()).as("the project is still held").isAfter(NOW);

        holds.remove("p");
        jdbc.sql("update scheduled_tasks set picked = true").update();
        wakeUps.wakeHeldInVain();
        assertThat(due()).as("a worker has the execution").isAfter(NOW);

        jdbc.sql("update scheduled_tasks set picked = false").update();
        wakeUps.wakeHeldInVain();
        assertThat(due()).isEqualTo(NOW);
    }

    @Test
    void wait_forAnotherReasonThanAPause_isOnlyEndedByACancel() {
        recordHold("tries again later: refused");
        wakeUps.wakeHeldInVain();
        assertThat(due()).isAfter(NOW);
        instructions.cancel(scanId, ANN);
        wakeUps.wakeHeldInVain();
        assertThat(due()).isEqualTo(NOW);
    }

    @Test
    void reason_ofAPause_hasThePrefixThatTheRepairSearchesFor() {
        for (Scope scope : Scope.values()) {
            assertThat(new Pause(scope, ANN).reason()).startsWith(Pause.reasonBeginning(scope) + "ann");
        }
    }

    private void recordHold(String reason) {
        jdbc.sql("update sweep set hold = ?").param(reason).update();
    }
}
