package io.keysweep.server.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Describes a process of the service as its row in the database shows it.
 *
 * @param identity identity of the process
 * @param roles roles of the process, separated by commas; {@code api,console,worker} for a process with all roles
 * @param threads how many sweeps the process can run at the same time; 0 without the role {@code worker}
 * @param heartbeat interval between two heartbeats, the times that a process writes to show that it is alive
 * @param startedAt when the process started
 * @param heartbeatAt when the process wrote its last heartbeat
 * @param sweeps sweeps that the process runs; a sweep is the part of a scan that visits one primary
 */
record Worker(
        WorkerIdentity identity,
        String roles,
        int threads,
        Duration heartbeat,
        Instant startedAt,
        Instant heartbeatAt,
        List<WorkerSweep> sweeps) {

    /**
     * Describes a sweep that a process runs.
     *
     * @param execution execution id: the id of the sweep's entry in db-scheduler, {@code <scan id>/<round>/<node id>}
     * @param scanId id of the scan that the sweep belongs to
     * @param instanceId id of the instance that is swept
     * @param since when this process began its run of the sweep
     */
    record WorkerSweep(String execution, UUID scanId, UUID instanceId, Instant since) {

        /** Returns the node id of the primary, which is the last part of the execution id. */
        String nodeId() {
            // Three parts at most, because a node id may contain slashes.
            return execution.split("/", 3)[2];
        }
    }

    /** Returns whether the process has written a heartbeat recently enough to be treated as alive. */
    boolean isAliveAt(Instant now) {
        return HeartbeatRule.isAlive(heartbeatAt, heartbeat, now);
    }
}
