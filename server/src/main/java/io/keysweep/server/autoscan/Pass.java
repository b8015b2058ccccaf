package io.keysweep.server.autoscan;

import java.time.Duration;
import java.time.Instant;

/**
 * A pass is a scan that has visited the whole key space.
 *
 * @param startedAt when the scan began
 * @param finishedAt when the scan ended
 * @param share the largest share of the server's time that the scan was allowed to take, above 0 to 1
 * @param reclaimed the number of keys that the scan reclaimed
 */
record Pass(Instant startedAt, Instant finishedAt, double share, long reclaimed) {

    Duration length() {
        return Duration.between(startedAt, finishedAt);
    }

    Instant middle() {
        return startedAt.plus(length().dividedBy(2));
    }
}
