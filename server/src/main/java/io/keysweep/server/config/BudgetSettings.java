package io.keysweep.server.config;

import org.jspecify.annotations.Nullable;

/**
 * What sweeps may take together; null for no such budget. All processes on one database are to have the same.
 *
 * @param sweeps sweeps at once in all
 * @param sweepsPerHost sweeps at once on one host address
 * @param ratePerHost keys visited a second on one host address
 * @param sharePerHost share of main threads' time on one host address, 1 for all the time of one server
 */
public record BudgetSettings(
        @Nullable Integer sweeps,
        @Nullable Integer sweepsPerHost,
        @Nullable Long ratePerHost,
        @Nullable Double sharePerHost) {

    /** Nothing is limited. */
    public static final BudgetSettings NONE = new BudgetSettings(null, null, null, null);
}
