package io.keysweep.engine.plan;

/**
 * States the meaning of the low bits of a server's SCAN cursors, which decides how a database can be divided.
 *
 * <p>{@link Segmentation} divides a database by these bits.
 */
public enum LowBits {
    /** The low bits of a key's hash, on a server that keeps one table for a whole database. */
    HASH,
    /**
     * The slot, in {@link ScanCursor#SLOT_BITS} bits, on a server that keeps a table for each slot and scans the slots
     * in ascending order.
     */
    SLOT,
    /** A meaning that Keysweep does not know, so the database stays one segment. */
    UNKNOWN
}
