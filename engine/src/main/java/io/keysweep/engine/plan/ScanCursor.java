package io.keysweep.engine.plan;

/**
 * Arithmetic of SCAN cursors on Redis and Valkey. A cursor is a position in the hash table with its bits reversed: a
 * scan counts up in the reversed number. Its low bits are therefore the slowest to change, and whatever the size of the
 * table, the keys whose hash ends in these bits are met exactly while the cursor ends in them. Where each slot has a
 * table of its own, the slot stands below such a position. Cursors are unsigned.
 */
public final class ScanCursor {

    /** Bits that name a slot: there are 16384. */
    public static final int SLOT_BITS = 14;

    private static final long SLOT_MASK = (1L << SLOT_BITS) - 1;

    private static final double TWO_TO_64 = 0x1p64;

    private ScanCursor() {}

    /** How much of a sequential scan of one table lies before a cursor, 0 to below 1. */
    public static double position(long cursor) {
        long reversed = Long.reverse(cursor);
        double unsigned = reversed >= 0 ? reversed : reversed + TWO_TO_64;
        // Rounding may lift the last positions to one; they are not yet the end.
        return Math.min(unsigned / TWO_TO_64, Math.nextDown(1.0));
    }

    /** The slot that a cursor is in, where each has a table of its own. */
    public static long slot(long cursor) {
        return cursor & SLOT_MASK;
    }

    /** The last position in the table of a slot, whatever its size. */
    public static long endOfSlot(long slot) {
        return ~SLOT_MASK | slot;
    }
}
