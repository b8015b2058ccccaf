package io.keysweep.server.assist;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Decides when the service tries again to restore the settings of a server. The longer the server does not answer, the
 * longer the delay.
 *
 * <p>A former primary may never come back, and each try costs the time-out of a connection. The delay is 15 s after the
 * first failure. It doubles with each further failure in a row, up to 5 min. Each process counts the failures that it
 * has seen. Thread-safe.
 */
final class ServerRetries {

    private static final Duration SHORTEST = Duration.ofSeconds(15);
    private static final Duration LONGEST = Duration.ofMinutes(5);

    /**
     * The time after which a server is forgotten if nobody has tried it again, for example because its entry was
     * removed.
     */
    private static final Duration MEMORY = Duration.ofHours(1);

    private final InstantSource clock;
    private final Map<String, ServerFailure> failures = new ConcurrentHashMap<>();

    ServerRetries(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Describes the last failure of a server.
     *
     * @param at when the server was tried
     * @param delay the time until it is tried again
     */
    private record ServerFailure(Instant at, Duration delay) {

        boolean isOver(Duration time, Instant now) {
            // A clock that was set back must not keep a server from being tried.
            return now.isBefore(at) || !now.isBefore(at.plus(time));
        }
    }

    /** Returns whether a server may be tried now. */
    boolean isDue(String address) {
        ServerFailure lastFailure = failures.get(address);
        return lastFailure == null || lastFailure.isOver(lastFailure.delay(), clock.instant());
    }

    /** Records that the settings of a server could not be restored. */
    void recordFailure(String address) {
        Instant now = clock.instant();
        failures.values().removeIf(failure -> failure.isOver(MEMORY, now));
        failures.compute(address, (unused, lastFailure) -> {
            Duration delay =
                    lastFailure == null ? SHORTEST : lastFailure.delay().multipliedBy(2);
            return new ServerFailure(now, delay.compareTo(LONGEST) < 0 ? delay : LONGEST);
        });
    }

    /** Records that the settings of a server are restored. */
    void recordSuccess(String address) {
        failures.remove(address);
    }
}
