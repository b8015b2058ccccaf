package io.keysweep.server.iam.guessing;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts the wrong secrets of each key, from the first one until a period has passed.
 *
 * <p>A key is whatever a limit is about, such as an address or a name. Not safe for use by several threads: {@link
 * WrongKeyLimit} guards it by its lock.
 */
final class WrongSecretCounter {

    /** The number of entries of each kind, which limits the memory. The oldest one is forgotten. */
    private static final int MAX_ENTRIES = 10_000;

    private final int max;
    private final Duration period;
    private final Map<Object, Count> counts = new LinkedHashMap<>();

    /** The number of secrets of each key that are being checked; a key without one has no entry. */
    private final Map<Object, Integer> begun = new HashMap<>();

    private record Count(int number, Instant since) {}

    WrongSecretCounter(int max, Duration period) {
        this.max = max;
        this.period = period;
    }

    boolean isFull(Object key, Instant now) {
        Count count = current(key, now);
        return count != null && count.number() >= max;
    }

    /** Returns whether the limit would be reached if all secrets that are being checked were wrong. */
    boolean canGetFull(Object key, Instant now) {
        Count count = current(key, now);
        return (count == null ? 0 : count.number()) + begun.getOrDefault(key, 0) >= max;
    }

    void begin(Object key) {
        begun.merge(key, 1, Integer::sum);
    }

    void end(Object key) {
        begun.computeIfPresent(key, (sameKey, number) -> number == 1 ? null : number - 1);
    }

    void add(Object key, Instant now) {
        Count count = current(key, now);
        counts.remove(key);
        counts.put(key, count == null ? new Count(/* number= */ 1, now) : new Count(count.number() + 1, count.since()));
        forgetOldest(counts);
    }

    /** Returns the count of the present period; null if there is none. */
    private @Nullable Count current(Object key, Instant now) {
        Count count = counts.get(key);
        return count == null || now.isAfter(count.since().plus(period)) ? null : count;
    }

    /** Limits a map that keeps the order of insertion: an entry that is removed and added again becomes the last. */
    static void forgetOldest(Map<?, ?> map) {
        if (map.size() > MAX_ENTRIES) {
            map.remove(map.keySet().iterator().next());
        }
    }
}
