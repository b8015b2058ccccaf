package io.keysweep.server.autoscan;

import java.time.Duration;
import java.time.Instant;

/**
 * A scan that went through the whole key space.
 *
 * @param startedAt when it began
 * @param finishedAt when it was done
 * @param share the largest share of the server's time that it could have, above 0 to 1
 * @param reclaimed keys that it reclaimed
 */
record Pass(Instant startedAt, Instant finishedAt, double share, long reclaimed) {

    Duration length() {
        return Duration.between(startedAt, finishedAt);
    }

    Instant middle() {
        return startedAt.plus(length().dividedBy(2));
    }
}
