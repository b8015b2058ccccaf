package io.keysweep.server.budget;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A permit represents the place of a sweep in the queue or, once granted, its right to run within the budgets.
 *
 * <p>A sweep is the part of a scan that visits one primary. {@link Permits} explains how permits are granted and
 * recalled.
 *
 * @param execution execution id: the id of the sweep's entry in db-scheduler, {@code <scan id>/<round>/<node id>}
 * @param scanId id of the scan that the sweep belongs to
 * @param projectId id of the project of the scan
 * @param projectName name of the project, for messages
 * @param host host in the address of the primary
 * @param granted whether the permit is granted, so that the sweep may run unless {@code recalled}
 * @param recalled whether the sweep must stop and wait again, because it exceeds a budget or the worker threads
 * @param workerId id of the process that has begun the sweep last, or null if none has begun it since the permit was
 *     put in the queue
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
