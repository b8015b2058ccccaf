package io.keysweep.engine.plan;

/**
 * Arithmetic of SCAN cursors on Redis and Valkey. A cursor is a position in the hash table with its bits reversed: a
 * scan counts up in the reversed number. Its low bits are therefore the slowest to change, and whatever the size of the
 * table, the keys whose hash ends in these bits are met exactly while the cursor ends in them. Cursors are unsigned.
 */
public final class ScanCursor {

    private static final double TWO_TO_64 = 0x1p64;

    private ScanCursor() {}

    /** How much of a sequential scan lies before a cursor, 0 to below 1. */
    public static double position(long cursor) {
        long reversed = Long.reverse(cursor);
        double unsigned = reversed >= 0 ? reversed : reversed + TWO_TO_64;
        // Rounding may lift the last positions to one; they are not yet the end.
        return Math.min(unsigned / TWO_TO_64, Math.nextDown(1.0));
    }

    /** How much of the segment with these low bits lies before a cursor in it, 0 to below 1. */
    static double positionWithin(long cursor, int segmentBits) {
        return position(cursor >>> segmentBits);
    }

    /**
     * Whether a reply's cursor says that a segment is covered. A scan begun at {@code segment} passes all positions that
     * end in these bits before any other, so leaving them means that none is left; 0 means that the scan has come round.
     *
     * @param segment the low bits that make the segment
     * @param next the cursor in the reply
     */
    static boolean leaves(long segment, int segmentBits, long next) {
        long mask = (1L << segmentBits) - 1;
        return next == 0 || (next & mask) != segment;
    }
}
