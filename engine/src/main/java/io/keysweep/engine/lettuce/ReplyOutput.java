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
 * Gathers one reply of any kind; an error is a reply like others. Of arrays below a depth it gets only the size, see
 * {@link ReplyFilter}. Filled on the connection's own thread.
 */
final class ReplyOutput extends CommandOutput<byte[], byte[], Reply> {

    /** An array that still waits for elements. */
    private record Open(List<Reply> items, int size) {}

    private final Deque<Open> open = new ArrayDeque<>();
    private final int keptDepth;
    private final int leads;
    private @Nullable Reply reply;

    /**
     * @param keptDepth arrays that are nested deeper come as their size
     * @param leads replies before this one that come only if they are errors, and then in its place
     */
    ReplyOutput(RedisCodec<byte[], byte[]> codec, int keptDepth, int leads) {
        super(codec, Reply.Nil.NIL);
        this.keptDepth = keptDepth;
        this.leads = leads;
    }

    /** Replies before this one that come only if they are errors, and then in its place. */
    int leads() {
        return leads;
    }

    /** Arrays that are nested deeper come as their size. */
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
        add(open.size() >= keptDepth ? new Reply.Counted(Math.toIntExact(integer)) : new Reply.Numeric(integer));
    }

    @Override
    public void setError(ByteBuffer error) {
        add(new Reply.Failure(StandardCharsets.UTF_8.decode(error).toString()));
    }

    @Override
    public void setError(String error) {
        add(new Reply.Failure(error));
    }

    /** Never: error replies are handed on as replies. */
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
            open.push(new Open(new ArrayList<>(count), count));
        }
    }

    private void add(Reply value) {
        Reply complete = value;
        while (true) {
            Open innermost = open.peek();
            if (innermost == null) {
                reply = complete;
                return;
            }
            innermost.items.add(complete);
            if (innermost.items.size() < innermost.size) {
                return;
            }
            open.pop();
            complete = new Reply.Items(innermost.items);
        }
    }
}
