package io.keysweep.server.control;

import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Lists the executions that active scans have or may have, so that they can be woken. The room of scans implements this
 * interface. An execution in a list need not exist.
 */
public interface ScanExecutions {

    /** Returns the executions of one scan. */
    List<TaskInstanceId> ofScan(UUID scanId);

    /**
     * Returns the executions of all active scans without those of sweeps that wait for a permit, which are woken when the
     * permit is granted.
     *
     * @param projectId only the scans of this project, or null for all projects
     * @param instanceId only the scans of this instance, or null for all instances
     */
    List<TaskInstanceId> ofActiveScans(@Nullable String projectId, @Nullable UUID instanceId);
}
