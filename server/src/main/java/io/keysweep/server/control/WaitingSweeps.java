package io.keysweep.server.control;

import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import java.time.InstantSource;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * Decides whether an execution that was just put back to wait must be woken at once. A change that came while its worker
 * still had the execution has woken nothing. Safe to share.
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
     * Wakes the execution of a sweep unless the sweep must still wait for the same reason.
     *
     * @param reason the reason that was recorded
     * @param execution id of the execution
     * @param host address of the host that the primary is on
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

    /** Wakes the execution that plans a round of a scan unless the scan's instructions still make it wait. */
    public void recheckPlan(String execution, UUID scanId) {
        if (!(decisions.byInstructions(scanId, clock.instant()) instanceof SweepDecision.Wait)) {
            wake(ScanTasks.PLAN.instanceId(execution));
            checkForDueExecutions();
        }
    }

    /** Makes this process check at once for executions that are due. */
    public void checkForDueExecutions() {
        wakeUps.checkForDueExecutions();
    }

    private void wake(TaskInstanceId id) {
        wakeUps.execution(id);
    }
}
