package io.keysweep.server.console.scan;

import io.keysweep.api.ScanView;
import org.jspecify.annotations.Nullable;

/**
 * Contains what pages show of one scan in a table or list.
 *
 * @param scan the scan with its progress
 * @param name name of the instance, or its id if the instance was removed in the meantime
 * @param keysPerSecond current speed of the scan in keys visited per second; null if it is not known, see {@link
 *     ScanSpeeds}
 */
public record ScanRow(ScanView scan, String name, @Nullable Long keysPerSecond) {}
