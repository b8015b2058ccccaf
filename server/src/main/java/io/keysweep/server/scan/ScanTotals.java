package io.keysweep.server.scan;

/**
 * Holds totals over the scans of an instance.
 *
 * @param count number of scans
 * @param reclaimed expired keys that they have reclaimed
 */
public record ScanTotals(long count, long reclaimed) {}
