package io.keysweep.server.console;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Slows down whoever guesses keys: after {@value #FREE} wrong ones from an address, none is looked at for a minute. Of
 * this process alone, as a key cannot be guessed anyway and the brake is there to keep the log short. Safe to share.
 */
@Component
final class SignInRateLimit {

    static final int FREE = 10;
    static final Duration PERIOD = Duration.ofMinutes(1);

    private static final int MOST_ADDRESSES = 10_000;

    private final InstantSource clock;
    private final Map<String, Wrong> wrong = new LinkedHashMap<>();

    /** How many wrong keys came since then. */
    private record Wrong(int count, Instant since) {}

    SignInRateLimit(InstantSource clock) {
        this.clock = clock;
    }

    /** Whether keys from there are not to be looked at for now. */
    synchronized boolean holds(String address) {
        Wrong found = current(address);
        return found != null && found.count() >= FREE;
    }

    /** Notes a wrong key. */
    synchronized void wrongKey(String address) {
        Wrong found = current(address);
        wrong.remove(address);
        wrong.put(address, found == null ? new Wrong(1, clock.instant()) : new Wrong(found.count() + 1, found.since()));
        if (wrong.size() > MOST_ADDRESSES) {
            wrong.remove(wrong.keySet().iterator().next());
        }
    }

    private @Nullable Wrong current(String address) {
        Wrong found = wrong.get(address);
        return found == null || clock.instant().isAfter(found.since().plus(PERIOD)) ? null : found;
    }
}
