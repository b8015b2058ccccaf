package io.keysweep.engine.plan;

import java.util.Random;

/**
 * A random order of segments that a seed fixes, so that a checkpoint needs only the seed and a number. Random, since a
 * sequential scan starves the server's own expiry cycle, which walks the same way.
 */
public final class SegmentOrder {

    private final int[] segments;

    /** The order of 2^segmentBits segments that a seed gives. */
    public SegmentOrder(int segmentBits, long seed) {
        segments = new int[1 << segmentBits];
        for (int i = 0; i < segments.length; i++) {
            segments[i] = i;
        }
        // The algorithm of Random is part of its specification; checkpoints outlive a JDK.
        Random random = new Random(seed);
        for (int i = segments.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int segment = segments[i];
            segments[i] = segments[other];
            segments[other] = segment;
        }
    }

    /** The segment at a place of the order. */
    public int at(int index) {
        return segments[index];
    }
}
