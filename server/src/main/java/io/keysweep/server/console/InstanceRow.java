package io.keysweep.server.console;

import io.keysweep.api.ScanView;
import io.keysweep.server.instance.Instance;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Holds an instance as the overview shows it in a table.
 *
 * @param instance the instance
 * @param lastScan its newest scan, or null if it has none or the caller may not see scans
 * @param nextStart when the schedule starts its next scan, or null if no start is due or the caller may not see it
 */
record InstanceRow(
        Instance instance,
        @Nullable ScanView lastScan,
        @Nullable Instant nextStart) {}
