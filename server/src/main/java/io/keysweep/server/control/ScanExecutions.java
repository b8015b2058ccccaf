package io.keysweep.server.control;

import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Lists the db-scheduler executions of active scans, so that they can be woken when something changes.
 *
 * <p>An execution is db-scheduler's entry for one piece of work: it sweeps one primary, or plans the next round of a
 * cluster's scan (the sweeps of all primaries side by side). The package {@code server.scan} implements this interface.
 * A list may contain executions that do not exist, for example of sweeps that have ended.
 */
public interface ScanExecutions {

    /**
     * Returns the executions of one scan: the executions of all its sweeps, and the execution that plans the next
     * round. Finished sweeps, and sweeps that wait for a permit, are included.
     */
    List<TaskInstanceId> ofScan(UUID scanId);

    /**
     * Returns the executions of all active scans (scans that wait or run). Leaves out finished sweeps, and sweeps that
     * wait for a permit, because the grant of the permit wakes them.
     *
     * @param projectId only the scans of this project, or null for all projects
     * @param instanceId only the scans of this instance, or null for all instances
     */
    List<TaskInstanceId> ofActiveScans(@Nullable String projectId, @Nullable UUID instanceId);

    /**
     * Returns the executions of sweeps that are recorded as paused although nothing pauses them now, or as waiting
     * although their scan is cancelled. In most cases a worker has such an execution, and is about to record the
     * change.
     */
    List<TaskInstanceId> ofSweepsWithoutReasonToWait();
}
