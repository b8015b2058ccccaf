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
 * <p>The minute begins with the first wrong key. When it ends, the address is no longer refused.
 *
 * <p>It counts the sign-ins of the console and the requests for tokens together. Each process of the service counts by
 * itself. This is enough, because a secret key cannot be guessed anyway; the limit only keeps the log short. Safe for
 * use by several threads.
 */
@Component
public final class WrongKeyLimit {

    /** The number of wrong keys after which an address is refused. */
    public static final int MAX_WRONG_KEYS = 10;

    /** The time from the first wrong key of an address until its wrong keys are forgotten. */
    static final Duration PERIOD = Duration.ofMinutes(1);

    private static final int MAX_ADDRESSES = 10_000;

    private final InstantSource clock;
    private final Map<String, WrongKeys> wrongKeys = new LinkedHashMap<>();

    /** Counts the wrong keys of one address since the first of them. */
    private record WrongKeys(int count, Instant since) {}

    WrongKeyLimit(InstantSource clock) {
        this.clock = clock;
    }

    /** Returns whether the service now refuses secret keys from an address. */
    public synchronized boolean refuses(String address) {
        WrongKeys entry = current(address);
        return entry != null && entry.count() >= MAX_WRONG_KEYS;
    }

    /**
     * Records a wrong key of an address. Beyond {@value #MAX_ADDRESSES} addresses, the oldest record is deleted, which
     * limits the memory.
     */
    public synchronized void recordWrongKey(String address) {
        WrongKeys entry = current(address);
        // Remove and add: the map is in the order of insertion, so its first address is the oldest.
        wrongKeys.remove(address);
        wrongKeys.put(
                address,
                entry == null ? new WrongKeys(1, clock.instant()) : new WrongKeys(entry.count() + 1, entry.since()));
        if (wrongKeys.size() > MAX_ADDRESSES) {
            wrongKeys.remove(wrongKeys.keySet().iterator().next());
        }
    }

    private @Nullable WrongKeys current(String address) {
        WrongKeys entry = wrongKeys.get(address);
        return entry == null || clock.instant().isAfter(entry.since().plus(PERIOD)) ? null : entry;
    }
}
