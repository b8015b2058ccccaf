package io.keysweep.api;

import org.jspecify.annotations.Nullable;

/**
 * How fast a scan may go.
 *
 * @param profile the profile chosen for it, or null for that of the settings
 * @param stallBudgetMs longest time a step may keep the server busy, milliseconds
 * @param share largest share of the server's main thread's time, above 0 up to 1
 * @param rateCeiling most keys visited a second, or null for no such ceiling
 * @param tunedBy id of the access key that changed it last, or null
 * @param tunedWhy the reason given, or null
 */
public record PaceView(
        @Nullable String profile,
        double stallBudgetMs,
        double share,
        @Nullable Long rateCeiling,
        @Nullable String tunedBy,
        @Nullable String tunedWhy) {}
