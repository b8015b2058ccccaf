package io.keysweep.engine.assist;

import java.time.Duration;

/**
 * Asks {@link Assist} to keep the backlog of a primary low while keys expire all the time.
 *
 * <p>Assist raises the server's settings {@code hz} and {@code active-expire-effort} for a while, so that the server
 * itself removes more expired keys. The backlog is the number of dead keys: expired keys that still hold memory.
 * Without such a limit, assist ends as soon as the backlog no longer falls. With a limit, assist then continues while
 * the backlog is at or below the limit.
 *
 * @param deadKeys the largest backlog with which assist continues, by the server's estimate; at least 1
 * @param longest the maximum duration: this time after its start, assist ends as soon as the backlog no longer falls,
 *     even if the backlog is low
 */
public record BacklogLimit(long deadKeys, Duration longest) {

    public BacklogLimit {
        if (deadKeys < 1 || longest.isNegative()) {
            throw new IllegalArgumentException("deadKeys is " + deadKeys + ", must be 1 or more; longest is " + longest
                    + ", must not be negative");
        }
    }
}
