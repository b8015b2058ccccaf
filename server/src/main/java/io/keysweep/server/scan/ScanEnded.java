package io.keysweep.server.scan;

/**
 * Reports to other packages that a scan has ended, for example to the package that notifies webhooks.
 *
 * <p>{@link ScanTransitions} publishes the event in the transaction that ends the scan, so that a listener can store
 * rows in the same transaction.
 *
 * @param scan scan in its final state, with its sweeps (each visits one primary)
 * @param ending how the scan has ended, in more detail than its state
 */
public record ScanEnded(Scan scan, ScanEnding ending) {}
