package io.keysweep.server.control;

import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import java.time.InstantSource;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * Checks an execution again after a worker has rescheduled it, and wakes it if it no longer has to wait.
 *
 * <p>An execution is db-scheduler's entry for a sweep (the part of a scan that visits one primary), or for the plan of
 * a round (the sweeps of a cluster's primaries side by side). To wake an execution means to make it due now.
 *
 * <p>While the worker was running the execution, something may have changed: the instructions (the requests of users),
 * the windows (times when sweeps may run) or a permit (which allows a sweep to run within the budgets). Such a change
 * could not wake the execution. Without this check, the execution would wait without a reason for up to 15 minutes.
 * Thread-safe.
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
     * Wakes the execution of a sweep, unless the sweep must still wait for the same reason. Executions that are due are
     * then picked immediately.
     *
     * @param reason reason to wait that was recorded
     * @param execution id of the execution, {@code <scan id>/<round>/<node id>}
     * @param host host in the address of the primary
     * @param scanId id of the scan that the sweep belongs to
     */
    public void recheckAfter(String reason, String execution, String host, UUID scanId) {
        SweepDecision decision = decisions.decideContinue(execution, host, scanId, clock.instant());
        // If the sweep must still wait, but the reason has changed, it is also woken, so that a worker records the new
        // reason.
        boolean hasSameReason =
                decision instanceof SweepDecision.Wait wait && wait.reason().equals(reason);
        if (!hasSameReason) {
            wake(ScanTasks.SWEEP.instanceId(execution));
        }
        checkForDueExecutions();
    }

    /**
     * Wakes the execution of a sweep that waits to try its server again, if the instructions of the scan now make the
     * sweep wait or end. The worker that picks the execution records that. Windows and budgets are checked at the next
     * try.
     *
     * @param execution id of the execution of the sweep
     */
    public void recheckRetry(String execution, UUID scanId) {
        if (!(decisions.decideByInstructions(scanId, clock.instant()) instanceof SweepDecision.GoOn)) {
            wake(ScanTasks.SWEEP.instanceId(execution));
        }
        checkForDueExecutions();
    }

    /**
     * Wakes the execution that plans a round, unless the instructions of the scan still make it wait.
     *
     * @param execution id of the execution of the plan, {@code <scan id>/<round>}
     */
    public void recheckPlan(String execution, UUID scanId) {
        if (!(decisions.decideByInstructions(scanId, clock.instant()) instanceof SweepDecision.Wait)) {
            wake(ScanTasks.PLAN.instanceId(execution));
            checkForDueExecutions();
        }
    }

    /** Makes db-scheduler of this process check now for executions that are due, and not only at its next poll. */
    public void checkForDueExecutions() {
        wakeUps.checkForDueExecutions();
    }

    private void wake(TaskInstanceId id) {
        wakeUps.wakeExecution(id);
    }
}
