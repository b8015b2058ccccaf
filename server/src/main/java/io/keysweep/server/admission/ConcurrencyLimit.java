package io.keysweep.server.admission;

import java.util.HashMap;
import java.util.Map;

/**
 * Limits how many requests, or how many event streams, are open at the same time: of each access key and in total.
 *
 * <p>Each open request or event stream takes a place until it ends. Thread-safe.
 */
final class ConcurrencyLimit {

    private final int limitPerKey;
    private final int limit;
    private final Map<String, Integer> placesByKey = new HashMap<>();
    private int total;

    /**
     * Creates a limit without open requests.
     *
     * @param limitPerKey how many places one access key may have at the same time
     * @param limit how many places all access keys together may have at the same time
     */
    ConcurrencyLimit(int limitPerKey, int limit) {
        this.limitPerKey = limitPerKey;
        this.limit = limit;
    }

    /** Reports whether a place was taken, and otherwise which limit was reached. */
    enum Taken {
        /** A place was taken, which the caller must give back. */
        YES,
        /** The key has all places that one key may have. */
        KEY_LIMIT,
        /** All keys together have all places. */
        TOTAL_LIMIT
    }

    /** Takes a place for a key if neither limit is reached. Reports the limit of the key if both are. */
    synchronized Taken take(String key) {
        int usedByKey = placesByKey.getOrDefault(key, 0);
        if (usedByKey >= limitPerKey) {
            return Taken.KEY_LIMIT;
        }
        if (total >= limit) {
            return Taken.TOTAL_LIMIT;
        }
        placesByKey.put(key, usedByKey + 1);
        total++;
        return Taken.YES;
    }

    /** Gives a place back that was taken for a key. Must be called once for each place that was taken. */
    synchronized void giveBack(String key) {
        total--;
        // A key without places is removed, so that the map does not grow with every key that ever called.
        placesByKey.computeIfPresent(key, (sameKey, count) -> count == 1 ? null : count - 1);
    }
}
