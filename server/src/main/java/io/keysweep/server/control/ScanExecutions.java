package io.keysweep.server.control;

import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Lists the db-scheduler executions of active scans, so that they can be woken when something changes.
 *
 * <p>The package {@code server.scan} implements this interface. A list may contain executions that do not exist.
 */
public interface ScanExecutions {

    /**
     * Returns the executions of one scan: those of all its sweeps, finished ones included, and the one that plans the
     * next round.
     */
    List<TaskInstanceId> ofScan(UUID scanId);

    /**
     * Returns the executions of all active scans. Sweeps that wait for a permit are left out, because they are woken
     * when they get it.
     *
     * @param projectId only the scans of this project, or null for all projects
     * @param instanceId only the scans of this instance, or null for all instances
     */
    List<TaskInstanceId> ofActiveScans(@Nullable String projectId, @Nullable UUID instanceId);
}
