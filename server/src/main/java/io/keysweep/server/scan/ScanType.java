package io.keysweep.server.scan;

import java.util.Locale;

/**
 * Says whether a user or the service started a scan. The DCS API calls this {@code scan_type}.
 *
 * <p>DCS is the Distributed Cache Service of Huawei Cloud, whose API the service also offers.
 */
public enum ScanType {
    /** A user or a program has requested the scan. */
    MANUAL,
    /**
     * The service has started the scan: because the schedule of the instance says so, because memory is short, or to
     * keep the number of expired keys below the backlog target.
     */
    AUTO;

    /** Returns the name in lower case, as on the wire and in SQL. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
