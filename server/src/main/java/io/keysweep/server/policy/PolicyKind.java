package io.keysweep.server.policy;

import java.util.Locale;

/** What a policy is about. */
public enum PolicyKind {
    /** When sweeps may run. */
    WINDOWS,
    /** Whether an automatic scan is worth its while, and what starts one beside the schedule. */
    START,
    /** How many sweeps of a project may run at once; of projects only. */
    BUDGET;

    /** Lower case, as in SQL. */
    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
