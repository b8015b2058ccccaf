package io.keysweep.engine.plan;

/**
 * How a database is cut into segments: slices that stay the same slice however its tables grow or shrink, and that a
 * SCAN passes through in one go. Segments have numbers from 0 on.
 */
public sealed interface Segmentation {

    /**
     * Keys that a segment should hold at least. A call may run past the end of a segment by some tens of keys, and the
     * step that ends one is a short one; with fewer keys in a segment both would be a notable share.
     */
    int MIN_KEYS = 16_384;

    /** More segments than this bring no finer progress that anybody could see. */
    int MAX_BITS = 14;

    /** The cut for so many keys under cursors whose low bits are these. */
    static Segmentation of(LowBits lowBits, long keys) {
        int bits = bitsFor(keys);
        return switch (lowBits) {
            case HASH -> new Prefixes(bits);
            case SLOT -> new SlotRuns(bits);
            case UNKNOWN -> new Sequential();
        };
    }

    /** Number of segments for so many keys, as a power of two. */
    private static int bitsFor(long keys) {
        long segments = Math.max(1, keys / MIN_KEYS);
        return Math.min(MAX_BITS, Long.SIZE - 1 - Long.numberOfLeadingZeros(segments));
    }

    /** There are 2^bits segments. */
    int bits();

    /** Number of segments. */
    default int segments() {
        return 1 << bits();
    }

    /** Whether all segments hold about as many keys, and the way within one tells how many of them are passed. */
    boolean even();

    /** The segment that a cursor is in is {@code cursor % modulus() / width()}, unsigned. */
    long modulus();

    /** See {@link #modulus()}. */
    long width();

    /** How much of its segment lies before a cursor, 0 to below 1. */
    double within(long cursor);

    /** The cursor that a segment begins at. */
    default long start(int segment) {
        return segment * width();
    }

    /**
     * Whether a reply's cursor says that a segment is covered. A scan begun at its start passes all of it before
     * anything else, so leaving it means that nothing is left; 0 means that the scan has come to the end.
     */
    default boolean leaves(int segment, long next) {
        return next == 0 || Long.remainderUnsigned(next, modulus()) / width() != segment;
    }

    /**
     * The low bits of a cursor, which are the low bits of a key's hash.
     *
     * @param bits how many of them
     */
    record Prefixes(int bits) implements Segmentation {

        public Prefixes {
            checkBits(bits);
        }

        @Override
        public boolean even() {
            return true;
        }

        @Override
        public long modulus() {
            return segments();
        }

        @Override
        public long width() {
            return 1;
        }

        @Override
        public double within(long cursor) {
            return ScanCursor.position(cursor >>> bits);
        }
    }

    /**
     * Runs of slots of the same length, where each slot has a table of its own and slots come in rising order. Slots
     * hold as many keys as it happens, and none where another node serves them.
     *
     * @param bits there are 2^bits runs
     */
    record SlotRuns(int bits) implements Segmentation {

        public SlotRuns {
            checkBits(bits);
        }

        @Override
        public boolean even() {
            return false;
        }

        @Override
        public long modulus() {
            return 1L << ScanCursor.SLOT_BITS;
        }

        @Override
        public long width() {
            return modulus() >> bits;
        }

        @Override
        public double within(long cursor) {
            double slot = ScanCursor.slot(cursor) % width() + ScanCursor.position(cursor >>> ScanCursor.SLOT_BITS);
            return Math.min(slot / width(), Math.nextDown(1.0));
        }
    }

    /** One pass from 0 to the end, of whose cursors nothing is known. */
    record Sequential() implements Segmentation {

        @Override
        public int bits() {
            return 0;
        }

        @Override
        public boolean even() {
            return false;
        }

        @Override
        public long modulus() {
            return 1;
        }

        @Override
        public long width() {
            return 1;
        }

        @Override
        public double within(long cursor) {
            return 0;
        }
    }

    private static void checkBits(int bits) {
        if (bits < 0 || bits > MAX_BITS) {
            throw new IllegalArgumentException("bits is " + bits + ", must be 0 to " + MAX_BITS);
        }
    }
}
