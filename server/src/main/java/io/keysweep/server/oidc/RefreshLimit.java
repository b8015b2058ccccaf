package io.keysweep.server.oidc;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Limits how often the issuer is asked: {@value #MAX_CALLS} times a minute, and not within five seconds of a failure.
 * Tokens of strangers can so not make the service flood the issuer. Not safe for use by several threads.
 */
final class RefreshLimit {

    private static final int MAX_CALLS = 10;
    private static final Duration PERIOD = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final InstantSource clock;
    private Instant since = Instant.MIN;
    private Instant pausedUntil = Instant.MIN;
    private int calls;

    RefreshLimit(InstantSource clock) {
        this.clock = clock;
    }

    /** Returns whether the issuer may be asked now, and counts the call if so. */
    boolean tryCall() {
        Instant now = clock.instant();
        if (now.isBefore(pausedUntil)) {
            return false;
        }
        if (!now.minus(PERIOD).isBefore(since)) {
            since = now;
            calls = 0;
        }
        return calls++ < MAX_CALLS;
    }

    /** Records that a call has failed. */
    void recordFailure() {
        pausedUntil = clock.instant().plus(PAUSE);
    }
}
