package io.keysweep.server.policy;

import java.util.Locale;

/**
 * Lists the kinds of policies. A policy is a document of settings. A project sets it for all its instances, and an
 * instance can have a document of its own.
 */
public enum PolicyKind {
    /** The windows say at which times of the week sweeps (each visits one primary) may run. */
    WINDOWS("the windows"),
    /** The start policy says when an automatic scan is worthwhile, and which events besides the schedule start one. */
    START("the start policy"),
    /** The budget says how many sweeps of a project may run at the same time. Only projects have one. */
    BUDGET("the budget"),
    /**
     * The ceilings limit how fast scans may be. The ceilings of an instance do not replace the ceilings of its project:
     * for each limit, the tighter ceiling applies.
     */
    CEILINGS("the ceilings");

    private final String displayName;

    PolicyKind(String displayName) {
        this.displayName = displayName;
    }

    /** Returns the name that messages to users contain, such as {@code the windows}. */
    String displayName() {
        return displayName;
    }

    /** Returns the name that is stored in SQL, such as {@code windows}. */
    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
