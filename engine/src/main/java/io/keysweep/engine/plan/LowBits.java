package io.keysweep.engine.plan;

/** What the low bits of a server's SCAN cursors are. */
public enum LowBits {
    /** The low bits of a key's hash: one table for a whole database. */
    HASH,
    /** The slot, in {@link ScanCursor#SLOT_BITS} bits: a table for each, which are scanned in rising order. */
    SLOT,
    /** Nothing that is known. */
    UNKNOWN
}
