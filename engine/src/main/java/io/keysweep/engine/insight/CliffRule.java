package io.keysweep.engine.insight;

import java.util.List;

/**
 * Finds cliffs in a forecast: periods in which far more keys die than in the periods around them.
 *
 * <p>A forecast divides the coming time into equal periods and says how many keys die (reach the end of their TTL) in
 * each. A cliff matters because the server's own expiry may not keep up with so many dead keys at the same time.
 *
 * <p>A period is a cliff if all of these conditions are true:
 *
 * <ul>
 * <li>At least {@value #FACTOR} times as many keys die in it as usual. The usual number is the higher one of two
 * medians: of the {@value #REACH} periods before it, and of the {@value #REACH} periods after it.
 * <li>The lower end of its 95 % interval is above the usual number, so the difference is not a chance of the sample.
 * <li>At least {@value #LEAST_PERCENT} % of the live keys with a TTL die in it, and at least {@value #LEAST_KEYS}
 * keys.
 * <li>It is the third period or a later one. The first period is not compared, since it has begun before the sample,
 * and so the second period has no whole period before it.
 * </ul>
 *
 * <p>The higher median is used, because a forecast knows only the current keys, so the periods after may be empty.
 * Example: keys are written all the time with a TTL of half an hour. Then equally many die in each period of the next
 * half hour, and none afterwards. The last one of these periods is no cliff.
 */
final class CliffRule {

    static final int FACTOR = 3;
    static final int REACH = 6;
    static final double LEAST_PERCENT = 0.5;
    static final int LEAST_KEYS = 100;

    /** The first period that is complete. */
    private static final int FIRST_WHOLE_PERIOD = 1;

    private CliffRule() {}

    /**
     * Returns whether a period is a cliff.
     *
     * @param counts the number of keys that die in each period
     * @param index the number of the period, from 0
     * @param living the number of live keys with a TTL at the beginning of the forecast
     */
    static boolean isCliff(List<KeyCount> counts, int index, long living) {
        if (index <= FIRST_WHOLE_PERIOD) {
            return false;
        }
        KeyCount count = counts.get(index);
        double usual = Math.max(
                median(counts.subList(Math.max(FIRST_WHOLE_PERIOD, index - REACH), index)),
                median(counts.subList(index + 1, Math.min(counts.size(), index + 1 + REACH))));
        return count.keys() >= FACTOR * usual
                && count.lowest() > usual
                && count.keys() >= Math.max(LEAST_KEYS, living * LEAST_PERCENT / 100);
    }

    /** Returns the median number of deaths in some periods; 0 for no periods. */
    private static double median(List<KeyCount> periods) {
        long[] keys = periods.stream().mapToLong(KeyCount::keys).sorted().toArray();
        if (keys.length == 0) {
            return 0;
        }
        int middle = keys.length / 2;
        return keys.length % 2 == 1 ? keys[middle] : (keys[middle - 1] + keys[middle]) / 2.0;
    }
}
