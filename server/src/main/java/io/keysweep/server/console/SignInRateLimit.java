package io.keysweep.server.console;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Refuses the sign-ins of an address for one minute after {@value #MAX_WRONG_KEYS} wrong keys.
 *
 * <p>Each process of the service counts by itself. This is enough, because a secret key cannot be guessed anyway; the
 * limit only keeps the log short. Safe for use by several threads.
 */
@Component
final class SignInRateLimit {

    static final int MAX_WRONG_KEYS = 10;
    static final Duration PERIOD = Duration.ofMinutes(1);

    private static final int MAX_ADDRESSES = 10_000;

    private final InstantSource clock;
    private final Map<String, WrongKeys> wrongKeys = new LinkedHashMap<>();

    /** Counts the wrong keys of one address since the first of them. */
    private record WrongKeys(int count, Instant since) {}

    SignInRateLimit(InstantSource clock) {
        this.clock = clock;
    }

    /** Returns whether the service now refuses sign-ins from an address. */
    synchronized boolean refuses(String address) {
        WrongKeys found = current(address);
        return found != null && found.count() >= MAX_WRONG_KEYS;
    }

    /**
     * Records a wrong key of an address. Beyond {@value #MAX_ADDRESSES} addresses, the oldest record is deleted, which
     * limits the memory.
     */
    synchronized void recordWrongKey(String address) {
        WrongKeys found = current(address);
        // Remove and add: the map is in the order of insertion, so its first address is the oldest.
        wrongKeys.remove(address);
        wrongKeys.put(
                address,
                found == null ? new WrongKeys(1, clock.instant()) : new WrongKeys(found.count() + 1, found.since()));
        if (wrongKeys.size() > MAX_ADDRESSES) {
            wrongKeys.remove(wrongKeys.keySet().iterator().next());
        }
    }

    private @Nullable WrongKeys current(String address) {
        WrongKeys found = wrongKeys.get(address);
        return found == null || clock.instant().isAfter(found.since().plus(PERIOD)) ? null : found;
    }
}
