package io.keysweep.server.scan;

import java.util.Locale;

/** Who started a scan: a person, or the schedule. */
public enum ScanType {
    MANUAL,
    AUTO;

    /** Lower case, as on the wire and in SQL. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
