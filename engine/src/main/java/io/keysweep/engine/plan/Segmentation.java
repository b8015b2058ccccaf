package io.keysweep.engine.plan;

/** How finely a database is cut. */
final class Segmentation {

    /**
     * Keys that a segment should hold at least. A call may run past the end of a segment by some tens of keys, and the
     * step that ends one is a short one; with fewer keys in a segment both would be a notable share.
     */
    static final int MIN_KEYS = 16_384;

    /** More segments than this bring no finer progress that anybody could see. */
    static final int MAX_BITS = 14;

    private Segmentation() {}

    /** Number of segments for so many keys, as a power of two. */
    static int bitsFor(long keys) {
        long segments = Math.max(1, keys / MIN_KEYS);
        return Math.min(MAX_BITS, Long.SIZE - 1 - Long.numberOfLeadingZeros(segments));
    }
}
