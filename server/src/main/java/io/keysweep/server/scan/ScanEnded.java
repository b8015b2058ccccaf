package io.keysweep.server.scan;

/**
 * An event that a scan has ended, published in the transaction that ends it.
 *
 * @param scan the scan in its final state
 */
public record ScanEnded(Scan scan) {}
