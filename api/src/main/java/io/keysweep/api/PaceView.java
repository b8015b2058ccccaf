package io.keysweep.api;

import org.jspecify.annotations.Nullable;

/**
 * Reports the pace of a scan, the limits on the load that the scan puts on a server; part of {@link ScanView}.
 *
 * <p>A scan works in steps. A step is a short call in which a server visits some keys and removes the expired ones.
 *
 * @param profile name of the pace chosen for the scan: {@code gentle}, {@code balanced} or {@code full}; null if the
 *     scan uses the pace of the service's settings
 * @param stallBudgetMs maximum time in milliseconds for which one step of the scan may keep the server busy; other
 *     clients wait during a step
 * @param share maximum part of the time of the server's main thread that the scan may use, above 0 up to 1; 0.25 is a
 *     quarter
 * @param rateCeiling maximum number of keys that each sweep of the scan visits per second; null for no maximum
 * @param tunedBy id of the access key that last changed the pace of the scan; null if it was not changed
 * @param tunedWhy reason that the caller gave for the change; null if none was given
 */
public record PaceView(
        @Nullable String profile,
        double stallBudgetMs,
        double share,
        @Nullable Long rateCeiling,
        @Nullable String tunedBy,
        @Nullable String tunedWhy) {}
