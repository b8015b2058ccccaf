package io.keysweep.benchmarks.chaos;

import java.util.ArrayList;
import java.util.List;

/** What was found to be wrong. Safe to share. */
final class Findings {

    private final List<String> all = new ArrayList<>();

    /** Notes one, and tells it at once. */
    synchronized void add(String finding) {
        all.add(finding);
        System.err.println("chaos: FOUND " + finding);
    }

    /** Notes one if the condition does not hold. */
    void check(boolean holds, String otherwise) {
        if (!holds) {
            add(otherwise);
        }
    }

    synchronized List<String> all() {
        return List.copyOf(all);
    }
}
