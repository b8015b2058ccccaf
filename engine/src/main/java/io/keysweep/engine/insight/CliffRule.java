package io.keysweep.engine.insight;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds cliffs in a forecast: steps in which far more keys die than in the steps around them.
 *
 * <p>A forecast divides the coming time into equal steps and says how many keys die (reach the end of their TTL) in
 * each. A cliff matters because the server's own expiry may not keep up with so many dead keys at once.
 *
 * <p>A step is a cliff if all of these conditions hold:
 *
 * <ul>
 * <li>At least {@value #FACTOR} times as many keys die in it as the median of the {@value #REACH} steps before it and
 * the {@value #REACH} steps after it.
 * <li>The lower end of its 95 % interval is above that median, so the difference is hardly a result of chance.
 * <li>At least {@value #LEAST_PERCENT} % of the living keys with a TTL die in it, and at least {@value #LEAST_KEYS}
 * keys.
 * </ul>
 */
final class CliffRule {

    static final int FACTOR = 3;
    static final int REACH = 6;
    static final double LEAST_PERCENT = 0.5;
    static final int LEAST_KEYS = 100;

    private CliffRule() {}

    /**
     * Returns whether a step is a cliff.
     *
     * @param counts the number of keys that die in each step
     * @param index the number of the step, from 0
     * @param living the number of living keys with a TTL at the beginning of the forecast
     */
    static boolean isCliff(List<KeyCount> counts, int index, long living) {
        KeyCount count = counts.get(index);
        double median = medianAround(counts, index);
        return count.keys() >= FACTOR * median
                && count.lowest() > median
                && count.keys() >= Math.max(LEAST_KEYS, living * LEAST_PERCENT / 100);
    }

    /**
     * Returns the median number of deaths in the steps before and after a step; a huge number if there are no other
     * steps.
     */
    private static double medianAround(List<KeyCount> counts, int index) {
        List<Long> around = new ArrayList<>();
        for (int i = Math.max(0, index - REACH); i <= Math.min(counts.size() - 1, index + REACH); i++) {
            if (i != index) {
                around.add(counts.get(i).keys());
            }
        }
        if (around.isEmpty()) {
            // A single step cannot be compared with others.
            return Double.MAX_VALUE;
        }
        around.sort(null);
        int middle = around.size() / 2;
        return around.size() % 2 == 1 ? around.get(middle) : (around.get(middle - 1) + around.get(middle)) / 2.0;
    }
}
