package io.keysweep.server.policy;

import java.util.Locale;

/** What a policy is about. */
public enum PolicyKind {
    /** When sweeps may run. */
    WINDOWS("the windows"),
    /** Whether an automatic scan is worth its while, and what starts one beside the schedule. */
    START("the start policy"),
    /** How many sweeps of a project may run at once; of projects only. */
    BUDGET("the budget");

    private final String named;

    PolicyKind(String named) {
        this.named = named;
    }

    /** For people. */
    String named() {
        return named;
    }

    /** Lower case, as in SQL. */
    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
