package io.keysweep.server.control;

import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import java.time.InstantSource;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * Checks an execution again that a worker has just put back to wait, and wakes it if it no longer has to wait.
 *
 * <p>The instructions, the windows or a permit may have changed while the worker still had the execution. Such a change
 * could not wake it. Thread-safe.
 */
@Component
public class WaitingSweeps {

    private final SweepDecisions decisions;
    private final WakeUps wakeUps;
    private final InstantSource clock;

    WaitingSweeps(SweepDecisions decisions, WakeUps wakeUps, InstantSource clock) {
        this.decisions = decisions;
        this.wakeUps = wakeUps;
        this.clock = clock;
    }

    /**
     * Wakes the execution of a sweep, unless the sweep must still wait for the same reason.
     *
     * @param reason reason to wait that was recorded
     * @param execution id of the execution
     * @param host host in the address of the primary
     * @param scanId id of the scan that the sweep belongs to
     */
    public void recheckAfter(String reason, String execution, String host, UUID scanId) {
        SweepDecision decision = decisions.toContinue(execution, host, scanId, clock.instant());
        boolean unchanged =
                decision instanceof SweepDecision.Wait wait && wait.reason().equals(reason);
        if (!unchanged) {
            wake(ScanTasks.SWEEP.instanceId(execution));
        }
        checkForDueExecutions();
    }

    /**
     * Wakes the execution of a sweep that waits to try its server again, if the instructions of the scan now make it
     * wait for another reason or end. The worker that picks it up then records that.
     */
    public void recheckRetry(String execution, UUID scanId) {
        if (!(decisions.byInstructions(scanId, clock.instant()) instanceof SweepDecision.GoOn)) {
            wake(ScanTasks.SWEEP.instanceId(execution));
        }
        checkForDueExecutions();
    }

    /** Wakes the execution that plans a round, unless the instructions of the scan still make it wait. */
    public void recheckPlan(String execution, UUID scanId) {
        if (!(decisions.byInstructions(scanId, clock.instant()) instanceof SweepDecision.Wait)) {
            wake(ScanTasks.PLAN.instanceId(execution));
            checkForDueExecutions();
        }
    }

    /** Makes db-scheduler of this process check at once for executions that are due. */
    public void checkForDueExecutions() {
        wakeUps.checkForDueExecutions();
    }

    private void wake(TaskInstanceId id) {
        wakeUps.wakeExecution(id);
    }
}
