package io.keysweep.engine.lettuce;

import io.keysweep.engine.link.Reply;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds one {@link Reply} of any type from the values that Lettuce's decoder delivers.
 *
 * <p>Lettuce would throw an exception for an error; here an error is a reply like others. Of arrays below a certain
 * depth the decoder delivers only the size, because {@link ReplyFilter} has removed the elements. Only the thread that
 * runs the connection's event loop fills the output.
 */
final class ReplyOutput extends CommandOutput<byte[], byte[], Reply> {

    /**
     * Holds an array that the decoder has not delivered completely.
     *
     * @param items the elements delivered so far
     * @param size the number of elements that the array will have
     */
    private record OpenArray(List<Reply> items, int size) {}

    /** The most elements for which memory is reserved before they have arrived. */
    private static final int MAX_RESERVED = 1_024;

    /** The arrays that are not complete yet, the innermost one first. */
    private final Deque<OpenArray> openArrays = new ArrayDeque<>();

    private final int keptDepth;
    private final int precedingReplies;

    /** The complete reply; null until the last value has arrived. */
    private @Nullable Reply reply;

    /**
     * Creates an empty output.
     *
     * @param codec is required by Lettuce; the reply is decoded here
     * @param keptDepth the deepest level of arrays whose elements are kept; of deeper arrays only the size is delivered
     * @param precedingReplies the number of replies to preceding commands that arrive before this reply; only an error
     *     among them is delivered, in place of this reply
     */
    ReplyOutput(RedisCodec<byte[], byte[]> codec, int keptDepth, int precedingReplies) {
        super(codec, Reply.Nil.NIL);
        this.keptDepth = keptDepth;
        this.precedingReplies = precedingReplies;
    }

    /** Returns the number of replies to preceding commands that arrive before this reply. */
    int preceding() {
        return precedingReplies;
    }

    /** Returns the deepest level of arrays whose elements are kept. */
    int keptDepth() {
        return keptDepth;
    }

    @Override
    public Reply get() {
        return reply == null ? Reply.Nil.NIL : reply;
    }

    @Override
    public void set(@Nullable ByteBuffer bytes) {
        add(
                bytes == null
                        ? Reply.Nil.NIL
                        : new Reply.Text(StandardCharsets.UTF_8.decode(bytes).toString()));
    }

    @Override
    public void set(long integer) {
        // Replies with filtered arrays contain no integers at this depth, so an integer there is a size.
        add(openArrays.size() >= keptDepth ? new Reply.Counted(Math.toIntExact(integer)) : new Reply.Numeric(integer));
    }

    @Override
    public void setError(ByteBuffer error) {
        add(new Reply.Failure(StandardCharsets.UTF_8.decode(error).toString()));
    }

    @Override
    public void setError(String error) {
        add(new Reply.Failure(error));
    }

    /** Returns false always, since error replies are passed on as replies. */
    @Override
    public boolean hasError() {
        return false;
    }

    @Override
    public void multi(int count) {
        if (count < 0) {
            add(Reply.Nil.NIL);
        } else if (count == 0) {
            add(new Reply.Items(List.of()));
        } else {
            // A peer may announce more elements than fit into memory, and send none.
            openArrays.push(new OpenArray(new ArrayList<>(Math.min(count, MAX_RESERVED)), count));
        }
    }

    /** Adds a value to the innermost open array, and completes each array whose last element it is. */
    private void add(Reply value) {
        Reply completeReply = value;
        while (true) {
            OpenArray innermost = openArrays.peek();
            if (innermost == null) {
                reply = completeReply;
                return;
            }
            innermost.items.add(completeReply);
            if (innermost.items.size() < innermost.size) {
                return;
            }
            openArrays.pop();
            completeReply = new Reply.Items(innermost.items);
        }
    }
}
