package io.keysweep.server.scan;

/**
 * Reports to other packages that a scan has ended, for example to those that notify webhooks.
 *
 * <p>{@link ScanStore} publishes the event in the transaction that ends the scan, so that a listener can store rows in
 * the same transaction.
 *
 * @param scan scan in its final state, with its sweeps
 * @param cancelled whether the scan has failed after a user had cancelled it
 */
public record ScanEnded(Scan scan, boolean cancelled) {}
