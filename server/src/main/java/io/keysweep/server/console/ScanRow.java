package io.keysweep.server.console;

import io.keysweep.api.ScanView;
import io.keysweep.server.console.ScanSpeeds.Speed;

/**
 * A scan in a table.
 *
 * @param scan what has come of it
 * @param name what its instance is called
 * @param speed how fast it goes just now
 */
record ScanRow(ScanView scan, String name, Speed speed) {}
