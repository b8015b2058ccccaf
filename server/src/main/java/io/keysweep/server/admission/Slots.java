package io.keysweep.server.admission;

import java.util.HashMap;
import java.util.Map;

/**
 * Counts the requests or the event streams that are open, by access key and in all, and refuses more than a limit.
 *
 * <p>Each open one takes a slot. Thread-safe.
 */
final class Slots {

    private final int limitPerKey;
    private final int limit;
    private final Map<String, Integer> used = new HashMap<>();
    private int total;

    /** Creates slots of which none is in use. */
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

    /** Takes a slot for a key. */
    synchronized Taken take(String key) {
        int ofKey = used.getOrDefault(key, 0);
        if (ofKey >= limitPerKey) {
            return Taken.KEY_LIMIT;
        }
        if (total >= limit) {
            return Taken.TOTAL_LIMIT;
        }
        used.put(key, ofKey + 1);
        total++;
        return Taken.YES;
    }

    /** Gives a slot back that was taken for a key. */
    synchronized void giveBack(String key) {
        total--;
        used.computeIfPresent(key, (same, count) -> count == 1 ? null : count - 1);
    }
}
