package io.keysweep.server.console;

import io.keysweep.api.ScanView;
import org.jspecify.annotations.Nullable;

/**
 * A scan in a table.
 *
 * @param scan what has come of it
 * @param name what its instance is called
 * @param keysPerSecond how fast it goes just now, or null where that is not seen yet
 */
record ScanRow(ScanView scan, String name, @Nullable Long keysPerSecond) {}
