package io.keysweep.server.sweep;

import java.time.Duration;
import java.time.Instant;

/**
 * Calculates how long an automatic scan waits before it connects again to a server that was unreachable or overloaded.
 *
 * <p>The wait is a quarter of the time since the scan began, but at least 5 s and at most 5 min. It therefore grows
 * from try to try, without a counter that would have to be stored.
 */
public final class RetryDelay {

    /** The wait is the time since the scan began, divided by this number. */
    private static final int DIVISOR = 4;

    static final Duration SHORTEST = Duration.ofSeconds(5);
    static final Duration LONGEST = Duration.ofMinutes(5);

    private RetryDelay() {}

    /**
     * Returns how long a scan waits from {@code now} on.
     *
     * @param began when the first worker began the scan
     */
    public static Duration after(Instant began, Instant now) {
        Duration quarter = Duration.between(began, now).dividedBy(DIVISOR);
        if (quarter.compareTo(SHORTEST) < 0) {
            return SHORTEST;
        }
        return quarter.compareTo(LONGEST) > 0 ? LONGEST : quarter;
    }
}
