package io.keysweep.server.config;

import org.jspecify.annotations.Nullable;

/**
 * Limits the number and the pace of all sweeps together, in all processes of the service; null means no limit.
 *
 * <p>A sweep is the part of a scan that visits one primary. All processes that share a database must have the same
 * limits, because each process applies its own limits to all sweeps.
 *
 * @param sweeps maximum number of sweeps that run at the same time, on all hosts
 * @param sweepsPerHost maximum number of sweeps that run at the same time on one host address
 * @param ratePerHost maximum number of keys visited per second on one host address
 * @param sharePerHost maximum part of the time of servers' main threads on one host address; 1 is all the time of one
 *     server, 2 is all the time of two servers
 */
public record BudgetSettings(
        @Nullable Integer sweeps,
        @Nullable Integer sweepsPerHost,
        @Nullable Long ratePerHost,
        @Nullable Double sharePerHost) {

    /** Sets no limit. */
    public static final BudgetSettings NONE = new BudgetSettings(
            /* sweeps= */ null, /* sweepsPerHost= */ null, /* ratePerHost= */ null, /* sharePerHost= */ null);
}
