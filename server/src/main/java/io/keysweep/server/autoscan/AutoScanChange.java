package io.keysweep.server.autoscan;

import org.jspecify.annotations.Nullable;

/**
 * Holds a requested change of an automatic scan configuration, before it is checked. A value that the request leaves
 * out is null.
 *
 * @param enabled whether the schedule starts scans; required
 * @param firstScanAt the first start as an ISO date-time in UTC, with or without {@code Z}
 * @param interval the seconds between two starts
 * @param timeout the seconds after which a scan ends as failed
 * @param scanKeysCount the number of keys a SCAN call
 */
public record AutoScanChange(
        @Nullable Boolean enabled,
        @Nullable String firstScanAt,
        @Nullable Integer interval,
        @Nullable Integer timeout,
        @Nullable Integer scanKeysCount) {}
