package io.keysweep.engine.plan;

/**
 * Divides a database into segments, slices that a sweep visits one by one in random order.
 *
 * <p>Segments are numbered from 0. A key stays in its segment when the server's hash tables grow or shrink. A SCAN
 * passes through all of one segment before it enters another. A cursor is the position that SCAN returns, an unsigned
 * number; its low bits decide which segment it is in. Implementations are immutable.
 */
public sealed interface Segmentation {

    /**
     * The smallest number of keys that a segment should hold. A step may run past the end of a segment by some tens of
     * keys, and the last step in a segment is short. With fewer keys per segment, both would cost a notable share of
     * the sweep.
     */
    int MIN_KEYS_PER_SEGMENT = 16_384;

    /**
     * The smallest number of keys that a segment of a distant server should hold. Each segment has at most one step in
     * flight, and each step takes a round trip. With small segments, several of them are open until the end of the
     * sweep, so that several steps can be on their way.
     */
    int MIN_KEYS_PER_SEGMENT_OF_FAR_SERVER = 2_048;

    /** The largest exponent, for 16384 segments; more would not make the progress visibly finer. */
    int MAX_BITS = 14;

    /**
     * Returns the segmentation for a database.
     *
     * @param lowBits the meaning of the low bits of the server's cursors; if unknown, there is only one segment
     * @param keys the number of keys in the database, which decides the number of segments
     * @param isFar whether the server is so far away that several steps are on their way at a time
     */
    static Segmentation of(LowBits lowBits, long keys, boolean isFar) {
        int bits = bitsFor(keys, isFar ? MIN_KEYS_PER_SEGMENT_OF_FAR_SERVER : MIN_KEYS_PER_SEGMENT);
        return switch (lowBits) {
            case HASH -> new Prefixes(bits);
            case SLOT -> new SlotRuns(bits);
            case UNKNOWN -> new Sequential();
        };
    }

    /**
     * Returns the exponent of the number of segments for a number of keys. A segment then holds {@code minKeys} or more
     * on average. With fewer than {@code minKeys} keys there is one segment, and the exponent is 0.
     */
    private static int bitsFor(long keys, int minKeys) {
        long segments = Math.max(1, keys / minKeys);
        return Math.min(MAX_BITS, Long.SIZE - 1 - Long.numberOfLeadingZeros(segments));
    }

    /** Returns the exponent of the number of segments, 0 to {@link #MAX_BITS}: there are {@code 2^bits()} segments. */
    int bits();

    /** Returns the number of segments. */
    default int segments() {
        return 1 << bits();
    }

    /**
     * Returns whether all segments hold about the same number of keys. If so, the position within a segment shows how
     * many of its keys have been visited.
     */
    boolean evenlyFilled();

    /**
     * Returns the modulus that maps cursors to segments: a cursor is in segment {@code cursor % modulus() / width()},
     * unsigned. Example: 4 ranges of slots have modulus 16384 and width 4096, so a cursor of slot 5000 is in segment 1.
     */
    long modulus();

    /** Returns the width that maps cursors to segments, see {@link #modulus()}. */
    long width();

    /**
     * Returns which part of its segment lies before a cursor, 0 to below 1; always 0 if the cursors are of an unknown
     * kind.
     */
    double partBefore(long cursor);

    /** Returns the cursor at which a segment begins. */
    default long start(int segment) {
        return segment * width();
    }

    /**
     * Returns whether a cursor in a reply means that a segment is covered. A scan that began at the start of the
     * segment visits all of the segment before anything else. So the segment is covered once the cursor lies outside of
     * it. Cursor 0 is the end of the scan and also covers the segment, although 0 is the start of segment 0.
     *
     * @param segment the segment that the scan began in
     * @param next the cursor in the reply, unsigned
     */
    default boolean leaves(int segment, long next) {
        return next == 0 || Long.remainderUnsigned(next, modulus()) / width() != segment;
    }

    /**
     * Divides a database by the low bits of the keys' hashes, which are the low bits of the cursor. They are the first
     * bits (the prefix) of the position that a cursor represents, see {@link ScanCursor}. With 2 bits, for example,
     * segment 1 is scanned by the cursors that end in binary 01.
     *
     * @param bits the number of low bits; there are 2^bits segments
     */
    record Prefixes(int bits) implements Segmentation {

        public Prefixes {
            checkBits(bits);
        }

        @Override
        public boolean evenlyFilled() {
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
        public double partBefore(long cursor) {
            return ScanCursor.partBefore(cursor >>> bits);
        }
    }

    /**
     * Divides a database into ranges of consecutive slots, for servers that keep a table for each slot and scan slots
     * in ascending order. All ranges have the same number of slots. Example: with 2 bits, segment 0 is slots 0 to 4095.
     * Slots hold very different numbers of keys, and none if another node serves them.
     *
     * @param bits the exponent of the number of ranges: there are 2^bits of them
     */
    record SlotRuns(int bits) implements Segmentation {

        public SlotRuns {
            checkBits(bits);
        }

        @Override
        public boolean evenlyFilled() {
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
        public double partBefore(long cursor) {
            double slot = ScanCursor.slot(cursor) % width() + ScanCursor.partBefore(cursor >>> ScanCursor.SLOT_BITS);
            return Math.min(slot / width(), Math.nextDown(1.0));
        }
    }

    /** Covers a database with a single segment from cursor 0 to the end, for servers with an unknown kind of cursor. */
    record Sequential() implements Segmentation {

        @Override
        public int bits() {
            return 0;
        }

        @Override
        public boolean evenlyFilled() {
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
        public double partBefore(long cursor) {
            return 0;
        }
    }

    private static void checkBits(int bits) {
        if (bits < 0 || bits > MAX_BITS) {
            throw new IllegalArgumentException("bits is " + bits + ", must be 0 to " + MAX_BITS);
        }
    }
}
