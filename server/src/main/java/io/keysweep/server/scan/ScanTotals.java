package io.keysweep.server.scan;

/**
 * Counts the scans of an instance and their reclaimed keys, for the list of scans in the DCS API.
 *
 * <p>DCS is the Distributed Cache Service of Huawei Cloud, whose API the service also offers.
 *
 * @param count number of scans
 * @param reclaimed number of expired keys that these scans have reclaimed together
 */
public record ScanTotals(long count, long reclaimed) {}
