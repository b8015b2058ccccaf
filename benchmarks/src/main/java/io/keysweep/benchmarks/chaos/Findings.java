package io.keysweep.benchmarks.chaos;

import java.util.ArrayList;
import java.util.List;

/** Collects the failed checks of a chaos run. Safe to share between threads. */
final class Findings {

    private final List<String> findings = new ArrayList<>();

    /** Adds a finding, a sentence about one failed check, and prints it to standard error. */
    synchronized void add(String finding) {
        findings.add(finding);
        System.err.println("chaos: FOUND " + finding);
    }

    /** Adds a finding if a condition does not hold. */
    void check(boolean holds, String finding) {
        if (!holds) {
            add(finding);
        }
    }

    /** Returns all findings so far. */
    synchronized List<String> all() {
        return List.copyOf(findings);
    }
}
