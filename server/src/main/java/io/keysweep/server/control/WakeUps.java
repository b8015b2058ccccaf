package io.keysweep.server.control;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import io.keysweep.server.policy.PolicyChanged;
import io.keysweep.server.policy.PolicyKind;
import io.keysweep.server.worker.ExecutionWakeUp;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Wakes waiting executions: makes them due now, so that a worker checks whether they may continue.
 *
 * <p>An execution is db-scheduler's entry for one piece of work, which begins when it is due: it sweeps one primary, or
 * plans the next round of a cluster's scan. A change wakes an execution if the change can let the work continue: a
 * released pause, a granted permit (which allows one sweep to run within the budgets), or other windows (times of the
 * week).
 *
 * <p>A wake-up has no effect on an execution that a worker is running; {@link WaitingSweeps} checks that execution
 * again when the worker has rescheduled it. Thread-safe.
 */
@Component
public class WakeUps {

    private final ScanExecutions executions;
    /** Provides the scheduler lazily, because the scheduler needs all tasks, and the tasks of scans need this class. */
    private final ObjectProvider<Scheduler> scheduler;

    private final InstantSource clock;

    WakeUps(ScanExecutions executions, ObjectProvider<Scheduler> scheduler, InstantSource clock) {
        this.executions = executions;
        this.scheduler = scheduler;
        this.clock = clock;
    }

    /** Wakes one execution. Does nothing if it does not exist, or if a worker is running it. */
    public void wakeExecution(TaskInstanceId id) {
        ExecutionWakeUp.wake(scheduler.getObject(), id, clock.instant());
    }

    /** Wakes all executions of a scan: the executions of its sweeps, and the execution that plans its next round. */
    public void wakeScan(UUID scanId) {
        executions.ofScan(scanId).forEach(this::wakeExecution);
    }

    /**
     * Wakes the executions of all active scans. Sweeps that wait for a permit are not woken here: the grant of the
     * permit wakes them.
     *
     * @param projectId only the scans of this project, or null for all projects
     */
    public void wakeProject(@Nullable String projectId) {
        executions.ofActiveScans(projectId, /* instanceId= */ null).forEach(this::wakeExecution);
    }

    /**
     * Wakes the sweeps that still wait although their pause is over or their scan is cancelled.
     *
     * <p>Normally the end of the pause, or the cancellation, has woken them. A sweep misses that wake-up if these
     * things happen, in this order:
     *
     * <ol>
     *   <li>A worker is running the execution at that moment, so that the wake-up has no effect.
     *   <li>The worker reschedules the execution.
     *   <li>The worker is killed before it has checked the execution again.
     * </ol>
     */
    public void wakeSweepsWithoutReasonToWait() {
        List<TaskInstanceId> executionsToWake = executions.ofSweepsWithoutReasonToWait();
        executionsToWake.forEach(this::wakeExecution);
        if (!executionsToWake.isEmpty()) {
            checkForDueExecutions();
        }
    }

    /**
     * Wakes the sweeps that have just got a permit, in the transaction that grants the permits. The caller must have
     * locked the granting of permits, so that no two transactions wake the same executions in different orders.
     *
     * @param executionIds ids of the executions of these sweeps
     */
    public void wakeGranted(Collection<String> executionIds) {
        executionIds.forEach(id -> wakeExecution(ScanTasks.SWEEP.instanceId(id)));
    }

    /**
     * Wakes the executions of active scans whose windows have changed, because some may run now.
     *
     * <p>Runs after the commit, because an execution that is woken earlier would still see the old windows. A change
     * outside a transaction wakes the executions immediately.
     */
    @TransactionalEventListener(fallbackExecution = true)
    // The committed transaction is still bound to this thread, and a statement in it would never be committed.
    @Transactional(propagation = Propagation.NOT_SUPPORTED)
    public void onWindowsChange(PolicyChanged change) {
        if (change.kind() == PolicyKind.WINDOWS) {
            executions.ofActiveScans(change.projectId(), change.instanceId()).forEach(this::wakeExecution);
        }
    }

    /**
     * Makes db-scheduler of this process check now for executions that are due, and not only at its next poll. Does
     * nothing in a process without a scheduler.
     */
    public void checkForDueExecutions() {
        scheduler.ifAvailable(Scheduler::triggerCheckForDueExecutions);
    }
}
