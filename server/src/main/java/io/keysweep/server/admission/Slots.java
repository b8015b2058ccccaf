package io.keysweep.server.admission;

import java.util.HashMap;
import java.util.Map;

/**
 * Limits how many requests, or how many event streams, are open at the same time: of each access key and in total.
 *
 * <p>Each open request or event stream takes a slot until it ends. Thread-safe.
 */
final class Slots {

    private final int limitPerKey;
    private final int limit;
    private final Map<String, Integer> used = new HashMap<>();
    private int total;

    /**
     * Creates slots that are all free.
     *
     * @param limitPerKey how many slots one access key may use at the same time
     * @param limit how many slots all access keys together may use at the same time
     */
    Slots(int limitPerKey, int limit) {
        this.limitPerKey = limitPerKey;
        this.limit = limit;
    }

    /** Reports whether a slot was taken, and otherwise which limit was reached. */
    enum Taken {
        /** A slot was taken, which the caller must give back. */
        YES,
        /** The key uses all slots that one key may use. */
        KEY_LIMIT,
        /** All keys together use all slots. */
        TOTAL_LIMIT
    }

    /** Takes a slot for a key if neither limit is reached. Reports the limit of the key if both are. */
    synchronized Taken take(String key) {
        int usedByKey = used.getOrDefault(key, 0);
        if (usedByKey >= limitPerKey) {
            return Taken.KEY_LIMIT;
        }
        if (total >= limit) {
            return Taken.TOTAL_LIMIT;
        }
        used.put(key, usedByKey + 1);
        total++;
        return Taken.YES;
    }

    /** Gives a slot back that was taken for a key. Must be called once for each slot that was taken. */
    synchronized void giveBack(String key) {
        total--;
        // A key without slots is removed, so that the map does not grow with every key that ever called.
        used.computeIfPresent(key, (sameKey, count) -> count == 1 ? null : count - 1);
    }
}
