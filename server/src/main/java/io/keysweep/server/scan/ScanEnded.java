package io.keysweep.server.scan;

/**
 * Reports to other packages that a scan has ended, for example to those that notify webhooks.
 *
 * <p>It is published in the transaction that ends the scan.
 *
 * @param scan scan in its final state
 * @param cancelled whether the scan has failed after a user had cancelled it
 */
public record ScanEnded(Scan scan, boolean cancelled) {}
