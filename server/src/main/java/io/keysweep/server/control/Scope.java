package io.keysweep.server.control;

import java.util.Locale;

/** Lists which scans a pause can affect, the smallest scope first. */
public enum Scope {
    /** One scan, by a pause of the scan itself. */
    SCAN,
    /** All scans of a project, by a project hold. */
    PROJECT,
    /** All scans of all projects, by the global hold. */
    ALL;

    /** Returns the name in lower case, as on the wire. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
