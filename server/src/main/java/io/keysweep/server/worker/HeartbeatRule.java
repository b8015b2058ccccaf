package io.keysweep.server.worker;

import java.time.Duration;
import java.time.Instant;

/**
 * Decides from the last heartbeat of a process whether the process is treated as alive. All parts of the service use
 * this rule, so that they agree.
 */
public final class HeartbeatRule {

    /** Number of missed heartbeats after which a process is treated as dead; the same number as in db-scheduler. */
    static final int MAX_MISSED_HEARTBEATS = 4;

    private HeartbeatRule() {}

    /**
     * Returns whether a heartbeat is recent enough that its process is treated as alive.
     *
     * @param heartbeatAt when the process wrote its last heartbeat
     * @param heartbeat interval between two heartbeats of the process
     */
    public static boolean isAlive(Instant heartbeatAt, Duration heartbeat, Instant now) {
        return now.isBefore(heartbeatAt.plus(heartbeat.multipliedBy(MAX_MISSED_HEARTBEATS)));
    }
}
