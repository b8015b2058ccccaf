package io.keysweep.server.console;

import io.keysweep.api.ScanView;
import io.keysweep.server.instance.Instance;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An instance in a table.
 *
 * @param instance which
 * @param last its newest scan, or null if there was none, or the caller may not see it
 * @param next when the schedule starts its next scan, or null if it does not, or the caller may not see it
 */
record InstanceRow(
        Instance instance,
        @Nullable ScanView last,
        @Nullable Instant next) {}
