package io.keysweep.server.control;

import java.util.Locale;

/** Names which scans a pause or a hold affects, the smallest scope first. */
public enum Scope {
    /** The scope is a single scan, which a pause of that scan affects. */
    SCAN,
    /** The scope is all scans of a project, which a project hold affects. */
    PROJECT,
    /** The scope is all scans of all projects, which the global hold affects. */
    ALL;

    /** Returns the name in lower case, as on the wire. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
