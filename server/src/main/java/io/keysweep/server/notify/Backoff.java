package io.keysweep.server.notify;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Calculates the delay between two attempts of a delivery, and when to give up.
 *
 * <p>A delivery is one notice about an event for one webhook. The delay grows from about 5 seconds after the first
 * attempt to about 10 hours after the sixth. A receiver can ask for a longer delay. If the seventh attempt fails, the
 * delivery is given up.
 */
final class Backoff {

    /** The delays after the first, the second, … attempt. */
    private static final List<Duration> DELAYS = List.of(
            Duration.ofSeconds(5),
            Duration.ofMinutes(5),
            Duration.ofMinutes(30),
            Duration.ofHours(2),
            Duration.ofHours(5),
            Duration.ofHours(10));

    /** The number of attempts after which a delivery is given up. */
    static final int MAX_ATTEMPTS = DELAYS.size() + 1;

    /** The longest delay that a receiver can ask for with the header {@code Retry-After}; a longer one is cut. */
    static final Duration MAX_RETRY_AFTER = Duration.ofHours(24);

    /** The fraction by which a delay is randomly lengthened or shortened, at most. */
    private static final double JITTER = 0.2;

    private Backoff() {}

    /**
     * Returns the delay before the next attempt; empty if the delivery is given up.
     *
     * @param attempts the number of attempts until now, at least 1, including the one that has just failed
     * @param retryAfter how long the receiver asks the service to wait, or null; applies if it is longer than the delay
     *     of this class, but at most 24 hours
     * @param random a random number from 0 to 1 that varies the delay from 80 % to 120 %. Deliveries that failed
     *     together are then not all retried together
     */
    static Optional<Duration> nextDelay(int attempts, @Nullable Duration retryAfter, double random) {
        if (attempts >= MAX_ATTEMPTS) {
            return Optional.empty();
        }
        double factor = 1 - JITTER + 2 * JITTER * random;
        Duration delay = Duration.ofMillis(Math.round(DELAYS.get(attempts - 1).toMillis() * factor));
        if (retryAfter == null || retryAfter.compareTo(delay) < 0) {
            return Optional.of(delay);
        }
        return Optional.of(retryAfter.compareTo(MAX_RETRY_AFTER) > 0 ? MAX_RETRY_AFTER : retryAfter);
    }
}
