package io.keysweep.server.console.fleet;

import io.keysweep.api.ScanView;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Contains what the overview shows of one instance, in one row of its table.
 *
 * @param instance the instance with its figures
 * @param mayOpen whether the caller may see the page of the instance
 * @param lastScan newest scan of the instance; null if there is none, or if the caller is not allowed to see scans
 * @param nextStart when the next automatic scan of the instance starts; null if none will start, or if the caller is
 *     not allowed to see schedules
 * @param spark reclaimed keys and backlog (number of dead keys) of the last 30 days
 */
record OverviewRow(
        FleetRow instance,
        boolean mayOpen,
        @Nullable ScanView lastScan,
        @Nullable Instant nextStart,
        Sparkline spark) {}
