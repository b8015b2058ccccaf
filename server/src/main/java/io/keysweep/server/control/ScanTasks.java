package io.keysweep.server.control;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;

/** Names the db-scheduler tasks whose executions wait while their scan must wait. */
public final class ScanTasks {

    /** Sweeps one primary; the execution's id is {@code <scan id>/<round>/<node id>}. */
    public static final TaskDescriptor<Void> SWEEP = TaskDescriptor.of("sweep");

    /** Plans a round of a cluster's scan; the execution's id is {@code <scan id>/<round>}. */
    public static final TaskDescriptor<Void> PLAN = TaskDescriptor.of("plan");

    private ScanTasks() {}
}
