package io.keysweep.server.control;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import io.keysweep.server.policy.PolicyChanged;
import io.keysweep.server.policy.PolicyKind;
import io.keysweep.server.worker.ExecutionWakeUp;
import java.time.InstantSource;
import java.util.Collection;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Wakes waiting executions: makes them due now, so that a worker checks whether they may continue.
 *
 * <p>An execution is a piece of work that db-scheduler begins when it is due: it sweeps one primary, or plans the next
 * round of a cluster's scan. A change wakes an execution if it can let the work continue: a released pause, a granted
 * permit, or other windows.
 *
 * <p>This has no effect on an execution that a worker still has; see {@link WaitingSweeps}. Thread-safe.
 */
@Component
public class WakeUps {

    private final JdbcClient jdbc;
    private final ScanExecutions executions;
    private final ObjectProvider<Scheduler> scheduler;
    private final InstantSource clock;

    WakeUps(JdbcClient jdbc, ScanExecutions executions, ObjectProvider<Scheduler> scheduler, InstantSource clock) {
        this.jdbc = jdbc;
        this.executions = executions;
        this.scheduler = scheduler;
        this.clock = clock;
    }

    /**
     * Locks the granting of permits in all processes until the transaction of the caller ends. Without the lock, two
     * transactions that wake the same executions in different orders could wait for each other (a deadlock).
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void lockPermits() {
        // The table permit_lock has a single row, which is there to be locked.
        jdbc.sql("select id from permit_lock for update").query(Integer.class).single();
    }

    /** Wakes one execution. */
    public void wakeExecution(TaskInstanceId id) {
        ExecutionWakeUp.wake(scheduler.getObject(), id, clock.instant());
    }

    /** Wakes all executions of a scan. */
    public void wakeScan(UUID scanId) {
        executions.ofScan(scanId).forEach(this::wakeExecution);
    }

    /**
     * Wakes the executions of all active scans, except for sweeps that wait for a permit.
     *
     * @param projectId only the scans of this project, or null for all projects
     */
    public void wakeProject(@Nullable String projectId) {
        executions.ofActiveScans(projectId, /* instanceId= */ null).forEach(this::wakeExecution);
    }

    /**
     * Wakes the sweeps that have just got a permit. The caller must have called {@link #lockPermits}.
     *
     * @param executionIds ids of the executions of these sweeps
     */
    public void wakeGranted(Collection<String> executionIds) {
        executionIds.forEach(id -> wakeExecution(ScanTasks.SWEEP.instanceId(id)));
    }

    /**
     * Wakes executions when windows have changed, because some may run now. This is done after the commit: an execution
     * that is woken before it would still see the old windows.
     */
    @TransactionalEventListener(fallbackExecution = true)
    @Transactional(propagation = Propagation.NOT_SUPPORTED)
    public void onWindowsChange(PolicyChanged change) {
        if (change.kind() == PolicyKind.WINDOWS) {
            executions.ofActiveScans(change.projectId(), change.instanceId()).forEach(this::wakeExecution);
        }
    }

    /** Makes db-scheduler of this process check at once for executions that are due. */
    public void checkForDueExecutions() {
        scheduler.ifAvailable(Scheduler::triggerCheckForDueExecutions);
    }
}
