package io.keysweep.server.sweep;

import java.time.Duration;
import java.time.Instant;

/**
 * Calculates how long an automatic scan waits before it tries again a server that was lost or overloaded.
 *
 * <p>The wait is a quarter of the time since the scan began, from 5 s to 5 min. It so grows from try to try, and needs
 * no counter that would have to be stored.
 */
public final class RetryDelay {

    static final Duration SHORTEST = Duration.ofSeconds(5);
    static final Duration LONGEST = Duration.ofMinutes(5);

    private RetryDelay() {}

    /** Returns the wait of a scan that began at {@code began}. */
    public static Duration after(Instant began, Instant now) {
        Duration quarter = Duration.between(began, now).dividedBy(4);
        if (quarter.compareTo(SHORTEST) < 0) {
            return SHORTEST;
        }
        return quarter.compareTo(LONGEST) > 0 ? LONGEST : quarter;
    }
}
