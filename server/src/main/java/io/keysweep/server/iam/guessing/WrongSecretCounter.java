package io.keysweep.server.iam.guessing;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts the wrong secrets of each key, from the first wrong secret until a period has passed.
 *
 * <p>A key is the address, the name, or the pair of both whose wrong secrets a limit counts. Not thread-safe: {@link
 * WrongSecretLimit} calls it under a lock.
 */
final class WrongSecretCounter {

    /** The maximum number of entries of a map, which limits the memory. A new entry then replaces the oldest one. */
    private static final int MAX_ENTRIES = 10_000;

    private final int max;
    private final Duration period;
    private final Map<Object, WrongSecretCount> counts = new LinkedHashMap<>();

    /** The number of running checks of each key; a key without a running check has no entry. */
    private final Map<Object, Integer> runningChecks = new HashMap<>();

    private record WrongSecretCount(int number, Instant since) {}

    WrongSecretCounter(int max, Duration period) {
        this.max = max;
        this.period = period;
    }

    /** Returns whether the wrong secrets of a key have reached the limit. */
    boolean isFull(Object key, Instant now) {
        WrongSecretCount count = currentCount(key, now);
        return count != null && count.number() >= max;
    }

    /** Returns whether the limit of a key would be reached if all running checks found wrong secrets. */
    boolean canGetFull(Object key, Instant now) {
        WrongSecretCount count = currentCount(key, now);
        return (count == null ? 0 : count.number()) + runningChecks.getOrDefault(key, 0) >= max;
    }

    /** Records that the check of a secret has begun. */
    void begin(Object key) {
        runningChecks.merge(key, 1, Integer::sum);
    }

    /** Records that the check of a secret has ended, whatever its result. */
    void end(Object key) {
        runningChecks.computeIfPresent(key, (sameKey, number) -> number == 1 ? null : number - 1);
    }

    /** Counts a wrong secret. */
    void add(Object key, Instant now) {
        WrongSecretCount count = currentCount(key, now);
        counts.remove(key);
        counts.put(
                key,
                count == null
                        ? new WrongSecretCount(/* number= */ 1, now)
                        : new WrongSecretCount(count.number() + 1, count.since()));
        forgetOldest(counts);
    }

    /** Returns the count of a key in its current period; null if the period has ended or none has begun. */
    private @Nullable WrongSecretCount currentCount(Object key, Instant now) {
        WrongSecretCount count = counts.get(key);
        // A clock that was set back must not make the period longer.
        boolean isOver = count == null || now.isAfter(count.since().plus(period)) || now.isBefore(count.since());
        return isOver ? null : count;
    }

    /** Removes the first entry of a map with too many entries. The map must keep its entries in order of insertion. */
    static void forgetOldest(Map<?, ?> map) {
        if (map.size() > MAX_ENTRIES) {
            map.remove(map.keySet().iterator().next());
        }
    }
}
