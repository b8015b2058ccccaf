package io.keysweep.server.control;

import java.util.Locale;

/** How far a pause reaches, the most specific first. */
public enum Scope {
    /** One scan. */
    SCAN,
    /** All scans of a project: its hold. */
    PROJECT,
    /** All scans: the global hold. */
    ALL;

    /** Lower case, as on the wire. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
