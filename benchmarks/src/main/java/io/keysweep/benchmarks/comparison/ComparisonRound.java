package io.keysweep.benchmarks.comparison;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Collects the figures of one round, in which each contender (way to reclaim expired keys) has one turn.
 *
 * <p>Not safe to share between threads.
 */
final class ComparisonRound {

    private final Map<String, TurnFigures> figures = new LinkedHashMap<>();

    /** Adds the figures of a contender. */
    void add(String contender, TurnFigures measured) {
        figures.put(contender, measured);
    }

    /** Returns all figures by contender, in the order of their turns. */
    Map<String, TurnFigures> all() {
        return Collections.unmodifiableMap(figures);
    }

    /** Returns whether a contender has had its turn. */
    boolean has(String contender) {
        return figures.containsKey(contender);
    }

    /**
     * Returns the figures of a contender.
     *
     * @throws IllegalArgumentException if the contender has not had its turn
     */
    TurnFigures of(String contender) {
        TurnFigures contenderFigures = figures.get(contender);
        if (contenderFigures == null) {
            throw new IllegalArgumentException(contender + " has not been measured in this round");
        }
        return contenderFigures;
    }
}
