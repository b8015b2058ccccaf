package io.keysweep.server.scan;

/**
 * Counts the scans of an instance and their reclaimed keys, for the list of scans in the DCS API.
 *
 * @param count number of scans
 * @param reclaimed number of expired keys that these scans have reclaimed together
 */
public record ScanTotals(long count, long reclaimed) {}
