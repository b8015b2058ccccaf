package io.keysweep.engine.lettuce;

import io.keysweep.engine.link.UnexpectedReplyException;
import java.util.Arrays;

/**
 * Counts for {@link ReplyCompactor} how many elements of the nested arrays of a reply are still to come.
 *
 * <p>The caller begins only arrays that are not empty and whose elements are kept. Not thread-safe.
 */
final class KeptArrays {

    /** The deepest nesting of arrays. Replies to Keysweep's commands have less than half as many levels. */
    private static final int MAX_DEPTH = 16;

    /** The number of elements still to come of each open array, the outermost array first. */
    private int[] remaining = new int[4];

    /** The number of open arrays, which is also the number of used elements of {@link #remaining}. */
    private int depth;

    /** Returns in how many arrays the next element is nested; 0 outside all arrays. */
    int depth() {
        return depth;
    }

    /**
     * Begins an array.
     *
     * @param size the number of its elements, at least 1
     * @throws UnexpectedReplyException if the array is nested too deeply
     */
    void begin(int size) {
        if (depth == MAX_DEPTH) {
            throw new UnexpectedReplyException("arrays that are nested deeper than " + MAX_DEPTH + " levels");
        }
        if (depth == remaining.length) {
            remaining = Arrays.copyOf(remaining, 2 * depth);
        }
        remaining[depth++] = size;
    }

    /**
     * Ends an element. If the element is the last of an array, the array also ends, and so on outwards.
     *
     * @return whether all arrays are complete, so that the reply has ended
     */
    boolean endElement() {
        while (depth > 0) {
            if (--remaining[depth - 1] > 0) {
                return false;
            }
            depth--;
        }
        return true;
    }
}
