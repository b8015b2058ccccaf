package io.keysweep.server.budget;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Leave of a sweep to run, or its place among those who wait for one.
 *
 * @param execution id of the execution that does the sweep
 * @param scanId the scan
 * @param projectId whose it is
 * @param projectName the same for people
 * @param host address of the host that the primary is on
 * @param granted whether it may run
 * @param recalled whether it is to stop running, since the budget has shrunk
 * @param workerId the process that has taken it up, or null
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
