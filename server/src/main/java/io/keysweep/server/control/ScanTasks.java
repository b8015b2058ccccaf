package io.keysweep.server.control;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;

/**
 * Names the db-scheduler tasks that carry out scans.
 *
 * <p>An execution of such a task is one piece of work. While its scan must wait, the execution is rescheduled for later
 * in db-scheduler's table, and uses no thread.
 */
public final class ScanTasks {

    /** Sweeps one primary. The id of an execution is {@code <scan id>/<round>/<node id>}. */
    public static final TaskDescriptor<Void> SWEEP = TaskDescriptor.of("sweep");

    /** Plans one round of a cluster's scan. The id of an execution is {@code <scan id>/<round>}. */
    public static final TaskDescriptor<Void> PLAN = TaskDescriptor.of("plan");

    private ScanTasks() {}
}
