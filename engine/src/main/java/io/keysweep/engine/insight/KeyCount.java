package io.keysweep.engine.insight;

import java.util.List;

/**
 * Holds a number of keys that was estimated from a sample, with its 95 % interval.
 *
 * @param keys the most likely number of keys
 * @param lowest the lower end of the interval
 * @param highest the upper end of the interval; equal to {@code lowest} if every key was read
 */
public record KeyCount(long keys, long lowest, long highest) {

    /** The count of exactly no key. */
    public static final KeyCount NONE = new KeyCount(/* keys= */ 0, /* lowest= */ 0, /* highest= */ 0);

    /**
     * Sums up counts from different samples. Their errors are independent, so the squares of the errors add up: errors
     * of 3 and 4 result in 5.
     */
    public static KeyCount sum(List<KeyCount> counts) {
        long keys = 0;
        double below = 0;
        double above = 0;
        for (KeyCount count : counts) {
            keys += count.keys;
            below = Math.hypot(below, count.errorBelow());
            above = Math.hypot(above, (double) count.highest - count.keys);
        }
        return new KeyCount(keys, Math.max(0, keys - Math.round(below)), keys + Math.round(above));
    }

    /**
     * Returns the error towards fewer keys, for a sum. An interval that ends at 0 does not show all of it, since it is
     * cut there; the error is then as large as the one towards more keys. Example: 100 counts are 1 key each, with the
     * interval 0 to 3. Their sum is 100 keys, with the interval 80 to 120, and not 90 to 120.
     */
    public double errorBelow() {
        double below = (double) keys - lowest;
        return lowest == 0 && keys > 0 ? Math.max(below, (double) highest - keys) : below;
    }

    /** Returns the sum of this count and a count from another sample, see {@link #sum}. */
    KeyCount plus(KeyCount other) {
        return sum(List.of(this, other));
    }
}
