package io.keysweep.server.oidc;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Limits how often the service downloads the endpoints and public keys of the OpenID Connect issuer.
 *
 * <p>The limit is {@value #MAX_CALLS} downloads per minute, and none for five seconds after a failed one. A download is
 * due every ten minutes, and when a token names an unknown key. Anybody can send such tokens, and without a limit each
 * of them would cause a request to the issuer. Not thread-safe.
 */
final class RefreshLimit {

    private static final int MAX_CALLS = 10;
    private static final Duration PERIOD = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final InstantSource clock;

    /** The beginning of the current minute. */
    private Instant minuteBegan = Instant.MIN;

    /** The time until which no download is allowed, because one has failed. */
    private Instant pausedUntil = Instant.MIN;

    /** The number of downloads that were requested in the current minute, outside of a pause. */
    private int calls;

    RefreshLimit(InstantSource clock) {
        this.clock = clock;
    }

    /** Returns whether the issuer may be called now, and counts the call. */
    boolean tryCall() {
        Instant now = clock.instant();
        // A clock that was set back must make neither the pause nor the minute longer.
        boolean isPaused = now.isBefore(pausedUntil) && !now.plus(PAUSE).isBefore(pausedUntil);
        if (isPaused) {
            return false;
        }
        if (!now.minus(PERIOD).isBefore(minuteBegan) || now.isBefore(minuteBegan)) {
            minuteBegan = now;
            calls = 0;
        }
        return calls++ < MAX_CALLS;
    }

    /** Records that a call has failed. */
    void recordFailure() {
        pausedUntil = clock.instant().plus(PAUSE);
    }
}
