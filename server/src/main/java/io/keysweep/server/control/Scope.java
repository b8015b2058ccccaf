package io.keysweep.server.control;

import java.util.Locale;

/** Names how far a pause reaches, the most specific scope first. */
public enum Scope {
    /** One scan. */
    SCAN,
    /** All scans of a project: its hold. */
    PROJECT,
    /** All scans: the global hold. */
    ALL;

    /** Returns the name in lower case, as on the wire. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
