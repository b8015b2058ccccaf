package io.keysweep.api;

import org.jspecify.annotations.Nullable;

/**
 * Represents the pace of a scan: the limits on its load on the server.
 *
 * @param profile profile chosen for the scan, or null if the scan uses the pace of the service's settings
 * @param stallBudgetMs maximum time for which a step may keep the server busy, in milliseconds
 * @param share maximum share of the time of the server's main thread that the scan may use, above 0 up to 1
 * @param rateCeiling maximum number of keys visited per second, or null for no ceiling
 * @param tunedBy id of the access key that changed the pace last, or null
 * @param tunedWhy reason that the caller gave for the change, or null
 */
public record PaceView(
        @Nullable String profile,
        double stallBudgetMs,
        double share,
        @Nullable Long rateCeiling,
        @Nullable String tunedBy,
        @Nullable String tunedWhy) {}
