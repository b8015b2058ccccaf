package io.keysweep.engine.insight;

import java.util.List;

/**
 * Finds cliffs in a forecast: steps in which far more keys die than in the steps around them.
 *
 * <p>A forecast divides the coming time into equal steps and says how many keys die (reach the end of their TTL) in
 * each. A cliff matters because the server's own expiry may not keep up with so many dead keys at the same time.
 *
 * <p>A step is a cliff if all of these conditions hold:
 *
 * <ul>
 * <li>At least {@value #FACTOR} times as many keys die in it as usual. The usual number is the higher one of two
 * medians: of the {@value #REACH} steps before it, and of the {@value #REACH} steps after it.
 * <li>The lower end of its 95 % interval is above the usual number, so the difference is not a chance of the sample.
 * <li>At least {@value #LEAST_PERCENT} % of the living keys with a TTL die in it, and at least {@value #LEAST_KEYS}
 * keys.
 * <li>It is the third step or a later one. The first step is not compared, since it has begun before the sample, and so
 * the second step has no whole step before it.
 * </ul>
 *
 * <p>The higher median is used, because a forecast knows only the current keys, so the steps after may be empty.
 * Example: keys are written all the time with a TTL of half an hour. Then equally many die in each step of the next
 * half hour, and none afterwards. The last one of these steps is no cliff.
 */
final class CliffRule {

    static final int FACTOR = 3;
    static final int REACH = 6;
    static final double LEAST_PERCENT = 0.5;
    static final int LEAST_KEYS = 100;

    /** The first step that is complete. */
    private static final int FIRST_WHOLE_STEP = 1;

    private CliffRule() {}

    /**
     * Returns whether a step is a cliff.
     *
     * @param counts the number of keys that die in each step
     * @param index the number of the step, from 0
     * @param living the number of living keys with a TTL at the beginning of the forecast
     */
    static boolean isCliff(List<KeyCount> counts, int index, long living) {
        if (index <= FIRST_WHOLE_STEP) {
            return false;
        }
        KeyCount count = counts.get(index);
        double usual = Math.max(
                median(counts.subList(Math.max(FIRST_WHOLE_STEP, index - REACH), index)),
                median(counts.subList(index + 1, Math.min(counts.size(), index + 1 + REACH))));
        return count.keys() >= FACTOR * usual
                && count.lowest() > usual
                && count.keys() >= Math.max(LEAST_KEYS, living * LEAST_PERCENT / 100);
    }

    /** Returns the median number of deaths in some steps; 0 for no steps. */
    private static double median(List<KeyCount> steps) {
        long[] keys = steps.stream().mapToLong(KeyCount::keys).sorted().toArray();
        if (keys.length == 0) {
            return 0;
        }
        int middle = keys.length / 2;
        return keys.length % 2 == 1 ? keys[middle] : (keys[middle - 1] + keys[middle]) / 2.0;
    }
}
