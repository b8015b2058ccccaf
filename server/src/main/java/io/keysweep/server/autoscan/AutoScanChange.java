package io.keysweep.server.autoscan;

import org.jspecify.annotations.Nullable;

/**
 * A change of the configuration as it was asked for, unchecked. What is null was left out.
 *
 * @param enabled whether scans start by themselves; required
 * @param firstScanAt ISO date-time in UTC, with or without {@code Z}
 * @param interval seconds
 * @param timeout seconds
 * @param scanKeysCount keys a SCAN call
 */
public record AutoScanChange(
        @Nullable Boolean enabled,
        @Nullable String firstScanAt,
        @Nullable Integer interval,
        @Nullable Integer timeout,
        @Nullable Integer scanKeysCount) {}
