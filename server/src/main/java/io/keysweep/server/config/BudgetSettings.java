package io.keysweep.server.config;

import org.jspecify.annotations.Nullable;

/**
 * Holds the limits on what all sweeps together may use; null means no limit.
 *
 * <p>All processes that share a database must have the same limits.
 *
 * @param sweeps maximum number of sweeps that run at once, on all hosts
 * @param sweepsPerHost maximum number of sweeps that run at once on one host address
 * @param ratePerHost maximum number of keys visited per second on one host address
 * @param sharePerHost maximum share of main threads' time on one host address; 1 is all the time of one server
 */
public record BudgetSettings(
        @Nullable Integer sweeps,
        @Nullable Integer sweepsPerHost,
        @Nullable Long ratePerHost,
        @Nullable Double sharePerHost) {

    /** Settings without any limit. */
    public static final BudgetSettings NONE = new BudgetSettings(null, null, null, null);
}
