package io.keysweep.benchmarks.result;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reports whether a ratio is as good as its limit, the bar. Its components are fields of the JSON file.
 *
 * @param limit the worst value that is still good
 * @param atLeast whether a larger value is better
 * @param met whether the ratio is as good as the limit
 */
public record CheckedBar(double limit, boolean atLeast, boolean met) {

    /** Checks a ratio that must not exceed a limit. */
    public static CheckedBar atMost(double ratio, double limit) {
        return new CheckedBar(limit, /* atLeast= */ false, ratio <= limit);
    }

    /** Checks a ratio that must not be below a limit. */
    public static CheckedBar atLeast(double ratio, double limit) {
        return new CheckedBar(limit, /* atLeast= */ true, ratio >= limit);
    }

    /** Checks the ratios whose names begin with a key of {@code limits}; the others have no bar. */
    public static Map<String, CheckedBar> atMost(Map<String, Double> ratios, Map<String, Double> limits) {
        Map<String, CheckedBar> bars = new LinkedHashMap<>();
        ratios.forEach((name, ratio) -> limits.forEach((beginning, limit) -> {
            if (name.startsWith(beginning)) {
                bars.put(name, atMost(ratio, limit));
            }
        }));
        return bars;
    }

    /** Returns a text such as {@code <= 0.2  met}. */
    @Override
    public String toString() {
        return (atLeast ? ">= " : "<= ") + limit + "  " + (met ? "met" : "MISSED");
    }
}
