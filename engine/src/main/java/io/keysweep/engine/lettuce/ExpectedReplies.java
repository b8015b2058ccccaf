package io.keysweep.engine.lettuce;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Tracks which reply of a connection is being read, and decides which parts of it are kept.
 *
 * <p>Keysweep needs, for example, the number of key names that a SCAN returns, but not the names. If the client decoded
 * the names as well, they would cost it as much time as they cost the server.
 *
 * <p>{@link ReplyFilter} adds an expected reply for each command that is written. {@link ReplyCompactor} reports where
 * replies begin and end, and removes the parts that are not kept. Servers send replies in the order of the commands, so
 * the reply that is being read is always the first expected one. There are two kinds of parts that are not kept:
 *
 * <ul>
 *   <li>Replies to <i>preceding</i> commands, such as MULTI before EXEC. They are sent only for their effect, before
 *       the command whose reply matters. If one of them fails, its error takes the place of that reply.
 *   <li>The elements of an array below a given depth. Such an array is <i>only counted</i>: its size is kept.
 * </ul>
 *
 * <p>Not thread-safe.
 */
final class ExpectedReplies {

    /**
     * Describes a reply that has not arrived completely.
     *
     * @param preceding the number of replies to preceding commands that arrive before this reply
     * @param keptDepth the deepest level of the reply's arrays whose elements are kept; 1 is the outermost array;
     *     deeper arrays are only counted
     */
    private record ExpectedReply(int preceding, int keptDepth) {

        static final ExpectedReply UNFILTERED =
                new ExpectedReply(/* preceding= */ 0, /* keptDepth= */ Integer.MAX_VALUE);
    }

    /** The expected replies in the order of their commands; the first reply is being read. */
    private final Deque<ExpectedReply> expectedReplies = new ArrayDeque<>();

    /** The number of replies to preceding commands of the first expected reply that have been read. */
    private int precedingRead;

    /** True if one of these preceding replies was an error, which then replaces the expected reply. */
    private boolean precedingFailed;

    /** True if the reply that is being read is discarded as a whole, so that the decoder never sees it. */
    private boolean isDiscarding;

    /**
     * Adds the reply to a command that was written.
     *
     * @param preceding the number of replies to preceding commands that arrive before this reply
     * @param keptDepth the deepest level of arrays whose elements are kept; 1 is the outermost array
     */
    void add(int preceding, int keptDepth) {
        expectedReplies.add(new ExpectedReply(preceding, keptDepth));
    }

    /** Adds a reply that is kept completely; for commands that are not a {@link LettuceCommand}. */
    void addUnfiltered() {
        expectedReplies.add(ExpectedReply.UNFILTERED);
    }

    /**
     * Decides whether the reply that begins now is kept. A reply to a preceding command is kept only if it is the first
     * error. After an error, everything up to and including the expected reply is discarded.
     *
     * @param type the first byte of the reply, for example {@code -} for an error
     */
    void begin(byte type) {
        ExpectedReply reply = expectedReplies.peek();
        if (reply == null) {
            // The server has sent a reply that no command asked for. It is kept, so that Lettuce's decoder handles it.
            return;
        }
        boolean isPreceding = precedingRead < reply.preceding();
        boolean isFirstError = isPreceding && type == '-' && !precedingFailed;
        isDiscarding = isPreceding ? !isFirstError : precedingFailed;
        precedingFailed |= isFirstError;
    }

    /** Ends the reply that is being read, so that the next call of {@link #begin} is for the next reply. */
    void end() {
        isDiscarding = false;
        ExpectedReply reply = expectedReplies.peek();
        if (reply != null && precedingRead < reply.preceding()) {
            precedingRead++;
        } else {
            expectedReplies.poll();
            precedingRead = 0;
            precedingFailed = false;
        }
    }

    /** Returns whether the reply that is being read is discarded. */
    boolean isDiscarding() {
        return isDiscarding;
    }

    /**
     * Returns whether an array in the reply that is being read is only counted; false in a reply that is discarded.
     *
     * @param depth how many arrays the array is nested in; 0 for the outermost array
     */
    boolean onlyCounted(int depth) {
        ExpectedReply reply = expectedReplies.peek();
        return !isDiscarding && reply != null && depth >= reply.keptDepth();
    }
}
