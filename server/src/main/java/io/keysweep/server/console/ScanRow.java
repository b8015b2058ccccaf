package io.keysweep.server.console;

import io.keysweep.api.ScanView;
import org.jspecify.annotations.Nullable;

/**
 * Holds a scan as pages show it in a table or list.
 *
 * @param scan the scan with its progress
 * @param name the name of its instance
 * @param keysPerSecond its present speed in keys visited a second, or null if it is not known yet
 */
record ScanRow(ScanView scan, String name, @Nullable Long keysPerSecond) {}
