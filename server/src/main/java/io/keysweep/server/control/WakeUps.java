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
 * Wakes waiting executions: makes them due now, so that a worker checks whether they may continue. An execution that a
 * worker still has is not reached; see {@link WaitingSweeps#recheckAfter}. Safe to share.
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
     * Locks the granting of permits, over all processes, until the caller's transaction ends. Two transactions that grant
     * permits and wake the same executions in different orders would otherwise wait for each other.
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void lock() {
        jdbc.sql("select id from permit_lock for update").query(Integer.class).single();
    }

    /** Wakes one execution. */
    public void execution(TaskInstanceId id) {
        ExecutionWakeUp.wake(scheduler.getObject(), id, clock.instant());
    }

    /** Wakes all executions of a scan. */
    public void scan(UUID scanId) {
        executions.ofScan(scanId).forEach(this::execution);
    }

    /** Wakes all executions of a project's scans, or of all projects if it is null, but for those that wait for a permit. */
    public void project(@Nullable String projectId) {
        executions.ofActiveScans(projectId, null).forEach(this::execution);
    }

    /**
     * Wakes the sweeps that were just granted a permit. The caller has the {@link #lock}.
     *
     * @param granted ids of their executions
     */
    public void granted(Collection<String> granted) {
        granted.forEach(id -> execution(ScanTasks.SWEEP.instanceId(id)));
    }

    /** Wakes the executions that wait for a window, after the commit: before it they would not see the new windows. */
    @TransactionalEventListener(fallbackExecution = true)
    @Transactional(propagation = Propagation.NOT_SUPPORTED)
    public void windowsChanged(PolicyChanged change) {
        if (change.kind() == PolicyKind.WINDOWS) {
            executions.ofActiveScans(change.projectId(), change.instanceId()).forEach(this::execution);
        }
    }

    /** Makes this process check at once for executions that are due. */
    public void checkForDueExecutions() {
        scheduler.ifAvailable(Scheduler::triggerCheckForDueExecutions);
    }
}
