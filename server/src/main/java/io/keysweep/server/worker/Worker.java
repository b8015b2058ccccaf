package io.keysweep.server.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A process of the service as it stands in the database.
 *
 * @param identity who it is
 * @param roles what it does, {@code api,console,worker} for everything
 * @param heartbeat how often it shows that it lives
 * @param startedAt when it began
 * @param heartbeatAt when it has shown last that it lives
 * @param sweeps what it runs
 */
record Worker(
        WorkerIdentity identity,
        String roles,
        Duration heartbeat,
        Instant startedAt,
        Instant heartbeatAt,
        List<Running> sweeps) {

    /** After so many missed heartbeats it counts as dead; db-scheduler goes by the same number. */
    private static final int MISSED = 4;

    /**
     * A sweep that it runs.
     *
     * @param execution id of its execution
     * @param since when this process took it up
     */
    record Running(String execution, UUID scanId, UUID instanceId, Instant since) {

        /** The primary, which the execution ends with. */
        String nodeId() {
            return execution.split("/", 3)[2];
        }
    }

    boolean aliveAt(Instant now) {
        return now.isBefore(heartbeatAt.plus(heartbeat.multipliedBy(MISSED)));
    }
}
