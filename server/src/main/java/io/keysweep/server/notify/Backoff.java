package io.keysweep.server.notify;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How long a failed delivery waits for its next attempt: longer each time, and in the end it is given up. */
final class Backoff {

    private static final List<Duration> WAITS = List.of(
            Duration.ofSeconds(5),
            Duration.ofMinutes(5),
            Duration.ofMinutes(30),
            Duration.ofHours(2),
            Duration.ofHours(5),
            Duration.ofHours(10));

    /** All attempts of a delivery. */
    static final int ATTEMPTS = WAITS.size() + 1;

    /** A receiver's wish counts up to here. */
    static final Duration LONGEST = Duration.ofHours(24);

    private static final double SPREAD = 0.2;

    private Backoff() {}

    /**
     * The wait before the next attempt; empty if there is none.
     *
     * @param attempts how many there were, the one that has just failed included
     * @param retryAfter how long the receiver wants to be left alone, or null
     * @param random 0 to 1, spreads the wait by a fifth to both sides, so that what has failed together is not tried
     *     again together
     */
    static Optional<Duration> after(int attempts, @Nullable Duration retryAfter, double random) {
        if (attempts >= ATTEMPTS) {
            return Optional.empty();
        }
        double factor = 1 - SPREAD + 2 * SPREAD * random;
        Duration wait = Duration.ofMillis(Math.round(WAITS.get(attempts - 1).toMillis() * factor));
        if (retryAfter == null || retryAfter.compareTo(wait) < 0) {
            return Optional.of(wait);
        }
        return Optional.of(retryAfter.compareTo(LONGEST) > 0 ? LONGEST : retryAfter);
    }
}
