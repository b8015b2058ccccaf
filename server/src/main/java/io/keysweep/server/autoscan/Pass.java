package io.keysweep.server.autoscan;

import java.time.Duration;
import java.time.Instant;

/**
 * Describes an earlier successful scan of an instance, from which {@link PassPlan} calculates how fast keys expire.
 *
 * <p>Elsewhere, a <em>pass</em> is a scan that keeps a backlog target (a maximum of expired keys that still hold
 * memory). Here, scans that the schedule, low memory or a client has started count as passes, too, because they visit
 * the whole key space and reclaim the same keys.
 *
 * @param startedAt when the scan began to visit keys: at its start, or at the end of assist (the time before the sweeps
 *     in which the settings of its servers are raised)
 * @param finishedAt when the scan ended
 * @param share the largest part of the time of the server's main thread that the scan was allowed to take, above 0 to 1
 * @param reclaimed the number of expired keys that the scan and its assist reclaimed
 */
record Pass(Instant startedAt, Instant finishedAt, double share, long reclaimed) {

    Duration length() {
        return Duration.between(startedAt, finishedAt);
    }

    /** Returns the moment halfway through the pass: on average, a key was visited then. */
    Instant middle() {
        return startedAt.plus(length().dividedBy(2));
    }
}
