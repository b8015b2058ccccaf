package io.keysweep.server.scan;

/** A scan has ended; published in the transaction that ends it. */
public record ScanEnded(Scan scan) {}
