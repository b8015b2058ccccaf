package io.keysweep.server.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Represents a process of the service as it is stored in the database.
 *
 * @param identity the identity of the process
 * @param roles the roles of the process, separated by commas; {@code api,console,worker} for all
 * @param heartbeat the interval between two heartbeats
 * @param startedAt when the process started
 * @param heartbeatAt when the process wrote its last heartbeat
 * @param sweeps the sweeps that the process runs
 */
record Worker(
        WorkerIdentity identity,
        String roles,
        Duration heartbeat,
        Instant startedAt,
        Instant heartbeatAt,
        List<Running> sweeps) {

    /** The number of missed heartbeats after which a process counts as dead. db-scheduler uses the same number. */
    private static final int MAX_MISSED_HEARTBEATS = 4;

    /**
     * Represents a sweep that a process runs.
     *
     * @param execution the id of the execution, {@code <scan>/<round>/<node>}
     * @param since when this process started it
     */
    record Running(String execution, UUID scanId, UUID instanceId, Instant since) {

        /** Returns the primary, which is the last part of the execution id. */
        String nodeId() {
            return execution.split("/", 3)[2];
        }
    }

    /** Returns whether the process has written a heartbeat recently enough to count as alive. */
    boolean isAliveAt(Instant now) {
        return now.isBefore(heartbeatAt.plus(heartbeat.multipliedBy(MAX_MISSED_HEARTBEATS)));
    }
}
