package io.keysweep.server.budget;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A permit allows a sweep to run within the budgets; until it is granted, it is the place of the sweep in the queue.
 *
 * @param execution id of the execution that does the sweep, {@code <scan id>/<round>/<node id>}
 * @param scanId id of the scan that the sweep belongs to
 * @param projectId id of the project of the scan
 * @param projectName name of the project, for messages
 * @param host host in the address of the primary
 * @param granted whether the permit is granted, so that the sweep may run unless {@code recalled}
 * @param recalled whether the sweep must stop and wait again, because a budget has shrunk
 * @param workerId id of the process that does the sweep, or null if none has begun it
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
