package io.keysweep.server.scan;

import java.util.Locale;

/** Names what started a scan: a request ({@code MANUAL}), or the schedule or a trigger ({@code AUTO}). */
public enum ScanType {
    MANUAL,
    AUTO;

    /** Returns the name in lower case, as on the wire and in SQL. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
