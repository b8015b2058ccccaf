package io.keysweep.server.iam;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Refuses secret keys from an address that has sent {@value #MAX_WRONG_KEYS} wrong ones within a minute.
 *
 * <p>The minute begins with the first wrong key. When the minute ends, the address is no longer refused, and its count
 * begins again.
 *
 * <p>Sign-ins to the console and requests for tokens count together. Each process of the service counts by itself. A
 * stricter limit is not needed: a secret key has 238 random bits and cannot be guessed, so the limit only keeps the log
 * short. Safe for use by several threads.
 */
@Component
public final class WrongKeyLimit {

    /** The number of wrong keys after which an address is refused. */
    public static final int MAX_WRONG_KEYS = 10;

    /** The time from the first wrong key of an address until its wrong keys are forgotten. */
    static final Duration PERIOD = Duration.ofMinutes(1);

    /** The number of addresses whose wrong keys are counted, which limits the memory. */
    private static final int MAX_ADDRESSES = 10_000;

    private final InstantSource clock;
    private final Map<String, WrongKeys> wrongKeys = new LinkedHashMap<>();

    /** Counts the wrong keys of one address since the first of them. */
    private record WrongKeys(int count, Instant since) {}

    WrongKeyLimit(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Returns the entry under which wrong passwords for a user are counted, from all addresses together: a password
     * can be guessed, unlike a secret key.
     */
    public static String ofName(String name) {
        return Caller.isUser(name) ? "user " + name : "";
    }

    /** Returns whether the service now refuses secrets from an address, or for a name; never for an empty text. */
    public synchronized boolean refuses(String address) {
        WrongKeys entry = address.isEmpty() ? null : current(address);
        return entry != null && entry.count() >= MAX_WRONG_KEYS;
    }

    /**
     * Records a wrong key of an address. Beyond {@value #MAX_ADDRESSES} addresses, the address is forgotten whose last
     * wrong key is the longest ago.
     */
    public synchronized void recordWrongKey(String address) {
        if (address.isEmpty()) {
            return;
        }
        WrongKeys entry = current(address);
        // The map keeps the order of insertion. An address that is removed and added again becomes the last one, so the
        // first one has sent no wrong key for the longest time.
        wrongKeys.remove(address);
        wrongKeys.put(
                address,
                entry == null
                        ? new WrongKeys(/* count= */ 1, clock.instant())
                        : new WrongKeys(entry.count() + 1, entry.since()));
        if (wrongKeys.size() > MAX_ADDRESSES) {
            wrongKeys.remove(wrongKeys.keySet().iterator().next());
        }
    }

    /** Returns the wrong keys of an address within its present minute; null if there are none. */
    private @Nullable WrongKeys current(String address) {
        WrongKeys entry = wrongKeys.get(address);
        return entry == null || clock.instant().isAfter(entry.since().plus(PERIOD)) ? null : entry;
    }
}
