package io.keysweep.benchmarks.chaos;

import io.keysweep.testkit.RedisVersion;
import java.time.Duration;
import java.util.List;

/**
 * Describes what a {@link ChaosRun} must do: how many scans, on how many servers and processes, under which faults.
 *
 * @param command the command that starts a process of the service
 * @param seed the seed of all random choices; the effects still vary between runs, since the timing of threads does
 * @param scans the number of scans; at least one runs on each instance
 * @param instances the number of servers, each registered as an instance of the service
 * @param processes the number of processes of the service, each with the roles api and worker
 * @param version the version of the servers
 * @param limit the time after which no more scans are created
 * @param faults the faults to draw from, see {@link FaultInjector}; one that occurs twice is drawn twice as often
 * @param gap the average time between two faults
 */
record ChaosSpec(
        List<String> command,
        long seed,
        int scans,
        int instances,
        int processes,
        RedisVersion version,
        Duration limit,
        List<Fault> faults,
        Duration gap) {

    /** The number of live keys on each instance. */
    static final int LIVING_KEYS = 200;

    /** The highest number of expired keys that are planted before a scan. */
    static final int MAX_DEAD = 80;

    /** The interval of heartbeats, in seconds. The service regards a process as dead after four missing heartbeats. */
    static final int HEARTBEAT_SECONDS = 1;

    /**
     * Returns the maximum number of sweeps at the same time: half the number of instances. So some sweeps wait for a
     * permit, which allows a sweep to run.
     */
    int budget() {
        return Math.max(1, instances / 2);
    }
}
