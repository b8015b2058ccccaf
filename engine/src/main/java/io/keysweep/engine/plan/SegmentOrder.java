package io.keysweep.engine.plan;

import java.util.Random;

/**
 * A random order of segments that a seed determines, so that a checkpoint stores only the seed and a number. The order
 * is random because a sequential scan starves the server's own expiry cycle, which walks the table in the same order.
 */
public final class SegmentOrder {

    private final int[] segments;

    /** Creates the order of 2^segmentBits segments for a seed. */
    public SegmentOrder(int segmentBits, long seed) {
        segments = new int[1 << segmentBits];
        for (int i = 0; i < segments.length; i++) {
            segments[i] = i;
        }
        // The specification of Random fixes its algorithm, so the order of a stored checkpoint is the same on every
        // JDK.
        Random random = new Random(seed);
        for (int i = segments.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int segment = segments[i];
            segments[i] = segments[other];
            segments[other] = segment;
        }
    }

    /** Returns the segment at an index of the order. */
    public int at(int index) {
        return segments[index];
    }
}
