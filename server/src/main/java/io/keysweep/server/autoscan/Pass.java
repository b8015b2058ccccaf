package io.keysweep.server.autoscan;

import java.time.Duration;
import java.time.Instant;

/**
 * An earlier pass is a successful scan of an instance, which has visited the whole key space in a known time. {@link
 * PassPlan} calculates from earlier passes how fast keys expire. Here, every such scan counts as a pass: also one that
 * the schedule, low memory or a client has started, because it reclaims the same keys.
 *
 * @param startedAt when the scan began to visit keys: at its start, or after it has assisted its servers (raised their
 *     settings)
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
