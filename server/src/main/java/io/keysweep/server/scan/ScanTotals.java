package io.keysweep.server.scan;

/**
 * Totals over the scans of an instance.
 *
 * @param count how many scans
 * @param reclaimed expired keys reclaimed by them
 */
public record ScanTotals(long count, long reclaimed) {}
