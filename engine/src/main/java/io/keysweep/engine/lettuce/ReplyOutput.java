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
 * Builds the {@link Reply} to one command from the values that Lettuce's decoder delivers one by one.
 *
 * <p>{@link LettuceCommand} creates an output for each command. While Lettuce's decoder reads the reply, it calls one
 * method for each value: {@code set} for a text, an integer or null, {@code multi} for the start of an array, and
 * {@code setError} for an error. Two things differ from Lettuce's own outputs:
 *
 * <ul>
 * <li>An error becomes a {@link Reply.Failure}, which is an ordinary reply. With Lettuce's outputs the command would
 * fail with an exception.
 * <li>{@link ReplyFilter} works before the decoder: it replaces each array below {@code keptDepth} by an integer, the
 * size of the array. The output makes a {@link Reply.Counted} of this integer. Example: with {@code keptDepth} 1, the
 * reply {@code [cursor, [key1, key2]]} of a SCAN becomes the items cursor and "2 elements".
 * </ul>
 *
 * <p>Only the thread that runs the connection's event loop fills the output.
 */
final class ReplyOutput extends CommandOutput<byte[], byte[], Reply> {

    /**
     * Holds an array that the decoder has not delivered completely.
     *
     * @param items the elements delivered so far
     * @param size the number of elements that the array will have
     */
    private record OpenArray(List<Reply> items, int size) {}

    /** The largest number of elements for which memory is reserved before they have arrived. */
    private static final int MAX_RESERVED = 1_024;

    /** The arrays that are not complete yet, the innermost one first. */
    private final Deque<OpenArray> openArrays = new ArrayDeque<>();

    private final int keptDepth;
    private final int precedingReplies;

    /** The reply; null until its last value has arrived. */
    private @Nullable Reply reply;

    /**
     * Creates an empty output.
     *
     * @param codec a codec that Lettuce requires and this class does not use, because it decodes all texts as UTF-8
     * @param keptDepth the deepest level of arrays whose elements are kept, where 1 is the outermost array; of deeper
     *     arrays only the size is kept
     * @param precedingReplies the number of replies that arrive before this reply, to the commands that are sent
     *     directly before this command, such as MULTI before EXEC. {@link ReplyFilter} removes them. If one of them is
     *     an error, the filter delivers that error instead of this reply
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

    /** Returns the complete reply; a null reply while values are still missing. */
    @Override
    public Reply get() {
        return reply == null ? Reply.Nil.NIL : reply;
    }

    /** Adds a status or a bulk string; {@code bytes} is null if the server sent the null value. */
    @Override
    public void set(@Nullable ByteBuffer bytes) {
        add(
                bytes == null
                        ? Reply.Nil.NIL
                        : new Reply.Text(StandardCharsets.UTF_8.decode(bytes).toString()));
    }

    /** Adds an integer, or an array that was replaced by its size; a null array has the size -1. */
    @Override
    public void set(long integer) {
        // Lettuce delivers integers and replaced arrays in the same way. The depth distinguishes them: in replies that
        // Keysweep reads with a kept depth, all real integers are above that depth.
        if (openArrays.size() < keptDepth) {
            add(new Reply.Numeric(integer));
        } else {
            add(integer < 0 ? Reply.Nil.NIL : new Reply.Counted(Math.toIntExact(integer)));
        }
    }

    @Override
    public void setError(ByteBuffer error) {
        add(new Reply.Failure(StandardCharsets.UTF_8.decode(error).toString()));
    }

    @Override
    public void setError(String error) {
        add(new Reply.Failure(error));
    }

    /** Always returns false, since error replies are passed on as replies. */
    @Override
    public boolean hasError() {
        return false;
    }

    /**
     * Begins an array. It ends after its last element, without a further call.
     *
     * @param count the number of elements; negative for a null array
     */
    @Override
    public void multi(int count) {
        if (count < 0) {
            add(Reply.Nil.NIL);
        } else if (count == 0) {
            // No element will arrive that could complete the array.
            add(new Reply.Items(List.of()));
        } else {
            // A peer may announce more elements than fit into memory, and then send none. So memory is reserved for
            // some elements only.
            openArrays.push(new OpenArray(new ArrayList<>(Math.min(count, MAX_RESERVED)), count));
        }
    }

    /**
     * Adds a complete value to the innermost open array. If this completes the array, adds the array to the next outer
     * array, and so on. Outside all arrays, the value is the reply.
     */
    private void add(Reply value) {
        Reply completeValue = value;
        while (true) {
            OpenArray innermost = openArrays.peek();
            if (innermost == null) {
                reply = completeValue;
                return;
            }
            innermost.items.add(completeValue);
            if (innermost.items.size() < innermost.size) {
                return;
            }
            openArrays.pop();
            completeValue = new Reply.Items(innermost.items);
        }
    }
}
