package io.keysweep.engine.plan;

import java.util.Random;

/**
 * A segment order is a random order of the segments of a database, which a seed determines.
 *
 * <p>A checkpoint therefore stores only the seed and the number of finished segments. The order is random so that the
 * server's own expiry cycle still finds expired keys. The cycle walks the table in sequential order; a sequential sweep
 * would remove the keys before the cycle finds them. Immutable.
 */
public final class SegmentOrder {

    private final int[] segments;

    /** Creates the order of 2^segmentBits segments for a seed; equal arguments always give an equal order. */
    public SegmentOrder(int segmentBits, long seed) {
        segments = new int[1 << segmentBits];
        for (int i = 0; i < segments.length; i++) {
            segments[i] = i;
        }
        // The specification of Random fixes its algorithm, so the order of a stored checkpoint is the same on every
        // JDK.
        Random random = new Random(seed);
        for (int i = segments.length - 1; i > 0; i--) {
            int otherIndex = random.nextInt(i + 1);
            int segment = segments[i];
            segments[i] = segments[otherIndex];
            segments[otherIndex] = segment;
        }
    }

    /** Returns the number of the segment at an index of the order; both are from 0 to 2^segmentBits - 1. */
    public int at(int index) {
        return segments[index];
    }
}
