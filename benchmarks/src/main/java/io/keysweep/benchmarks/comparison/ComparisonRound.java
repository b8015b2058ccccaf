package io.keysweep.benchmarks.comparison;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What one round has measured, by contender and in their order. Not safe to share between threads. */
final class ComparisonRound {

    private final Map<String, Figures> figures = new LinkedHashMap<>();

    void add(String contender, Figures measured) {
        figures.put(contender, measured);
    }

    Map<String, Figures> all() {
        return Collections.unmodifiableMap(figures);
    }

    boolean has(String contender) {
        return figures.containsKey(contender);
    }

    /**
     * Figures of a contender that has had its turn.
     *
     * @throws IllegalArgumentException if it has not
     */
    Figures of(String contender) {
        Figures measured = figures.get(contender);
        if (measured == null) {
            throw new IllegalArgumentException(contender + " has not been measured in this round");
        }
        return measured;
    }
}
