package io.keysweep.engine.plan;

/**
 * Converts SCAN cursors of Redis and Valkey, which are unsigned numbers, into positions and slots.
 *
 * <p>A cursor is a position in the hash table with its bits reversed (reverse binary iteration): the scan counts
 * upwards in the reversed number. With a table of 8 buckets, for example, the cursors are 0, 4, 2, 6, 1, 5, 3, 7. The
 * low bits of a cursor therefore change last, and they are the low bits of the hashes of the keys that the scan meets.
 * This is true for every table size. For example, a scan from cursor 1 meets exactly the keys with an odd hash, until
 * its cursor is even again (in the example above, at the end, 0).
 *
 * <p>If the server keeps a table for each slot, the lowest {@value #SLOT_BITS} bits of a cursor are the slot, and the
 * bits above them are the position in the table of that slot.
 */
public final class ScanCursor {

    /** The number of bits that identify a slot; there are 16384 slots. */
    public static final int SLOT_BITS = 14;

    private static final long SLOT_MASK = (1L << SLOT_BITS) - 1;

    private static final double TWO_TO_64 = 0x1p64;

    private ScanCursor() {}

    /**
     * Returns which part of a sequential scan of one table lies before a cursor, 0 to below 1. Example: 0.5 for cursor
     * 1, whatever the size of the table.
     */
    public static double partBefore(long cursor) {
        long reversed = Long.reverse(cursor);
        // Java's long is signed, so the upper half of the range appears as negative numbers.
        double unsigned = reversed >= 0 ? reversed : reversed + TWO_TO_64;
        // Rounding may raise the last positions to 1, which would mean the end of the scan.
        return Math.min(unsigned / TWO_TO_64, Math.nextDown(1.0));
    }

    /** Returns the slot of a cursor, 0 to 16383. The server must keep a table for each slot. */
    public static long slot(long cursor) {
        return cursor & SLOT_MASK;
    }

    /**
     * Returns the cursor of the last position in the table of a slot, whatever the size of the table. All bits above
     * the slot are set in it.
     */
    public static long endOfSlot(long slot) {
        return ~SLOT_MASK | slot;
    }
}
