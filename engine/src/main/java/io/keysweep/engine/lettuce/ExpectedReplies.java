package io.keysweep.engine.lettuce;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Tracks which reply of a connection is being read, and decides what of it is kept. Replies arrive in the order of their
 * commands. Not thread-safe.
 */
final class ExpectedReplies {

    /**
     * Describes a reply that has not arrived completely.
     *
     * @param preceding how many replies to preceding commands arrive before it
     * @param keptDepth deepest level of its arrays whose elements are kept; deeper arrays are only counted
     */
    private record ExpectedReply(int preceding, int keptDepth) {

        static final ExpectedReply UNFILTERED = new ExpectedReply(0, Integer.MAX_VALUE);
    }

    /** Expected replies; the first one is being read. */
    private final Deque<ExpectedReply> queue = new ArrayDeque<>();

    /** Number of replies to commands preceding the first expected one that have been read. */
    private int precedingRead;
    /** True if one of those was an error, which then replaces the expected reply. */
    private boolean precedingFailed;
    /** True if the reply being read is discarded. */
    private boolean discarding;

    /** Adds the reply to a command that was written; see {@link ReplyOutput} for the parameters. */
    void add(int preceding, int keptDepth) {
        queue.add(new ExpectedReply(preceding, keptDepth));
    }

    /** Adds a reply that is kept as it is. */
    void addUnfiltered() {
        queue.add(ExpectedReply.UNFILTERED);
    }

    /**
     * Decides whether the reply that begins now is kept. A reply to a preceding command is kept only if it is the first
     * error. After an error, everything up to and including the expected reply is discarded.
     *
     * @param first the first byte of the reply, which is its type
     */
    void begin(byte first) {
        ExpectedReply reply = queue.peek();
        if (reply == null) {
            return;
        }
        boolean isPreceding = precedingRead < reply.preceding();
        boolean firstError = isPreceding && first == '-' && !precedingFailed;
        discarding = isPreceding ? !firstError : precedingFailed;
        precedingFailed |= firstError;
    }

    /** Ends the reply that is being read. */
    void end() {
        discarding = false;
        ExpectedReply reply = queue.peek();
        if (reply != null && precedingRead < reply.preceding()) {
            precedingRead++;
        } else {
            queue.poll();
            precedingRead = 0;
            precedingFailed = false;
        }
    }

    /** Returns whether the reply that is being read is discarded. */
    boolean discarding() {
        return discarding;
    }

    /**
     * Returns whether an array in the reply that is being read is only counted.
     *
     * @param depth how many arrays the array is nested in
     */
    boolean onlyCounted(int depth) {
        ExpectedReply reply = queue.peek();
        return !discarding && reply != null && depth >= reply.keptDepth();
    }
}
