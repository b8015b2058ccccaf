package io.keysweep.server.autoscan;

import org.jspecify.annotations.Nullable;

/**
 * Carries the values of a schedule as a request has sent them. {@link AutoScanRules} checks them and creates an {@link
 * AutoScanConfig}. A value that the request leaves out is null.
 *
 * @param enabled whether the schedule starts scans; null to leave it as it is
 * @param firstScanAt when the first scan starts: a date-time of RFC 3339, such as {@code 2026-11-25T02:00:00Z}; without
 *     an offset it is UTC
 * @param interval the time between two starts in seconds; 0 for a single start
 * @param timeout the time in seconds after which a scan fails if it is still active
 * @param scanKeysCount {@code scan_keys_count} of the DCS API, 10 to 1000; limits a scan to 200 times this number of
 *     keys per second
 */
public record AutoScanChange(
        @Nullable Boolean enabled,
        @Nullable String firstScanAt,
        @Nullable Integer interval,
        @Nullable Integer timeout,
        @Nullable Integer scanKeysCount) {}
