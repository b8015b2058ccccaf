package io.keysweep.benchmarks.chaos;

import io.keysweep.testkit.RedisVersion;
import java.time.Duration;
import java.util.List;

/**
 * How a run is to be.
 *
 * @param command what starts a process of the service
 * @param seed what order and choices follow from, if not the moments
 * @param scans how many
 * @param instances over how many servers
 * @param processes how many of the service, each of both roles
 * @param version of the servers
 * @param limit when to stop creating scans, whatever their number
 * @param faults what is done, see {@link FaultInjector}
 * @param gap the time between two faults, on average
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

    /** Living keys of each instance. */
    static final int LIVING = 200;

    /** Most dead keys planted before a scan. */
    static final int MOST_DEAD = 80;

    /** Seconds between two heartbeats; after four that are missing a process counts as dead. */
    static final int HEARTBEAT_SECONDS = 1;

    /** Sweeps at once in all: some have to wait in line. */
    int budget() {
        return Math.max(1, instances / 2);
    }
}
