package io.keysweep.server.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Tests which changes wake a sweep that waits without a worker, and how a lost wake-up is found later.
 *
 * <p>A sweep that must wait for long frees its worker, and its task is due much later. A wake-up makes the task due
 * now. The base class provides one scan with one sweep: {@code decision()} returns what a worker must do with the
 * sweep, and {@code due()} returns when its task is due.
 */
class WakeUpsTest extends RunningSweepsTesting {

    @Test
    void decision_ofAPausedScan_waitsUntilItIsWoken() {
        instructions.pause(scanId, BY_ANN);
        assertThat(decision())
                .isEqualTo(new SweepDecision.Wait("paused by ann: backup", /* until= */ null, /* requested= */ true));
        assertThat(due()).isAfter(NOW);

        instructions.resume(scanId);
        running.wake(scanId);

        assertThat(due()).isEqualTo(NOW);
        assertThat(decision()).isEqualTo(new SweepDecision.GoOn());
    }

    @Test
    void sweep_waitsForItsProjectHoldAndTheGlobalHold_butNotForAnotherProject() {
        holds.put(new HoldStore.StoredHold("other", BY_ANN));
        assertThat(decision()).isEqualTo(new SweepDecision.GoOn());

        holds.put(new HoldStore.StoredHold("p", BY_ANN));
        assertThat(decision()).isInstanceOf(SweepDecision.Wait.class);

        // The release of its project's hold wakes the sweep.
        holds.remove("p");
        running.wakeProject("other");
        assertThat(due()).isAfter(NOW);

        running.wakeProject("p");
        assertThat(due()).isEqualTo(NOW);

        // The global hold applies to each project.
        holds.put(new HoldStore.StoredHold(HoldStore.EVERYTHING, BY_ANN));
        assertThat(decision()).isInstanceOf(SweepDecision.Wait.class);
    }

    @Test
    void recheck_afterAResumeWhileTheWorkerStillHadTheTask_wakesTheSweep() {
        instructions.pause(scanId, BY_ANN);

        // The wake-up does not reach the task, because a worker still has it.
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

    /** A worker that is killed right after it reschedules a task does not check whether the sweep must still wait. */
    @Test
    void wakeUp_thatACrashHasPrevented_happensOnceTheSweepHasNoReasonToWait() {
        instructions.pause(scanId, BY_ANN);
        holds.put(new HoldStore.StoredHold("p", BY_ANN));
        recordHold("paused by ann: backup");
        wakeUps.wakeSweepsWithoutReasonToWait();

        assertThat(due()).isAfter(NOW);

        instructions.resume(scanId);
        wakeUps.wakeSweepsWithoutReasonToWait();

        assertThat(due()).as("the project is still held").isAfter(NOW);

        holds.remove("p");
        jdbc.sql("update scheduled_tasks set picked = true").update();
        wakeUps.wakeSweepsWithoutReasonToWait();

        assertThat(due()).as("a worker has the task").isAfter(NOW);

        jdbc.sql("update scheduled_tasks set picked = false").update();
        wakeUps.wakeSweepsWithoutReasonToWait();

        assertThat(due()).isEqualTo(NOW);
    }

    @Test
    void sweep_thatWaitsForItsServer_isWokenOnlyIfItsScanIsCancelled() {
        recordHold("tries again later: refused");
        wakeUps.wakeSweepsWithoutReasonToWait();

        assertThat(due()).isAfter(NOW);

        instructions.cancel(scanId, BY_ANN);
        wakeUps.wakeSweepsWithoutReasonToWait();

        assertThat(due()).isEqualTo(NOW);
    }

    @Test
    void reason_ofAPauseInAnyScope_beginsWithTheTextOfItsScope() {
        for (Scope scope : Scope.values()) {
            assertThat(new Pause(scope, BY_ANN).reason()).startsWith(Pause.reasonBeginning(scope) + "ann");
        }
    }

    /** Records that the sweep waits for a reason. */
    private void recordHold(String reason) {
        jdbc.sql("update sweep set hold = ?").param(reason).update();
    }
}
