package io.keysweep.server.budget;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A permit allows a sweep to run within the budgets, or, until it is granted, is the place of the sweep in the queue.
 *
 * @param execution the id of the execution that does the sweep
 * @param scanId the scan that the sweep belongs to
 * @param projectId the project of the scan
 * @param projectName the name of the project, for messages
 * @param host the address of the host that the primary runs on
 * @param granted whether the sweep may run
 * @param recalled whether the sweep must stop and wait again, because a budget has shrunk
 * @param workerId the process that does the sweep, or null if none has taken it yet
 */
record Permit(
        String execution,
        UUID scanId,
        String projectId,
        String projectName,
        String host,
        boolean granted,
        boolean recalled,
        @Nullable String workerId) {}
