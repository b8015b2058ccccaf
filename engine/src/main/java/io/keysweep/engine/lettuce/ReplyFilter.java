package io.keysweep.engine.lettuce;

import io.lettuce.core.protocol.CommandHandler;
import io.lettuce.core.protocol.RedisCommand;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;

/**
 * Takes out of the stream of replies what nobody wants to know before the client library's decoder sees it: arrays that are
 * only counted, which leave an integer, their size, in their place; and replies to commands that lead up to another, unless
 * one is an error, which stands for all of them. The decoder goes through every element, and names of keys by the million
 * would cost the client as much as they cost the server. Here they are passed over by the length that each says first
 * (RESP2, Redis protocol specification).
 *
 * <p>Which replies are such follows from the commands as they go out: replies come in the same order. Used on the
 * connection's own thread.
 */
final class ReplyFilter extends ChannelDuplexHandler {

    private static final int LINE_END = 2;

    /** Sizes of up to ten times as much cannot overflow. */
    private static final int LARGEST_QUICK = 10_000_000;

    /** The bytes that have come in last. */
    private byte[] chunk = new byte[0];

    /** Where {@link #passWhole} has come to. */
    private int passedTo;

    /**
     * A reply that is still to come.
     *
     * @param leads how many come before it that are of no interest
     * @param keptDepth arrays in it that are nested deeper are only counted
     */
    private record Expected(int leads, int keptDepth) {

        static final Expected WHOLE = new Expected(0, Integer.MAX_VALUE);
    }

    /** The one being read first. */
    private final Deque<Expected> expected = new ArrayDeque<>();

    /** Leads of the first that have been read. */
    private int leadsRead;
    /** Whether one of them was an error, which is the reply now. */
    private boolean leadFailed;
    /** Whether the reply being read is of no interest. */
    private boolean dropping;

    /** Elements still to come of each open array that is kept, the outermost first. */
    private int[] open = new int[4];

    private int depth;
    /** Elements still to come of the array that is counted; 0 if none is. */
    private long toPass;
    /** Bytes still to come of a bulk string. */
    private long bulk;
    /** First byte of the line being read; 0 between lines. */
    private byte type;

    private boolean counting;
    private boolean negative;
    private long number;

    /** Puts one in front of the decoder of a new connection. */
    static void install(Channel channel) {
        String decoder = channel.pipeline().context(CommandHandler.class).name();
        channel.pipeline().addBefore(decoder, "reply-filter", new ReplyFilter());
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof Collection<?> commands) {
            commands.forEach(this::expect);
        } else {
            expect(message);
        }
        // Whoever asked has the promise.
        var unused = context.write(message, promise);
    }

    private void expect(Object message) {
        if (message instanceof RedisCommand<?, ?, ?> command) {
            expected.add(
                    command.getOutput() instanceof ReplyOutput output
                            ? new Expected(output.leads(), output.keptDepth())
                            : Expected.WHOLE);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf bytes) {
            compact(bytes);
            if (!bytes.isReadable()) {
                bytes.release();
                return;
            }
        }
        context.fireChannelRead(message);
    }

    /** Moves what is kept together, within the same buffer. */
    private void compact(ByteBuf bytes) {
        int begin = bytes.readerIndex();
        int end = bytes.readableBytes();
        if (chunk.length < end) {
            chunk = new byte[Math.max(end, 2 * chunk.length)];
        }
        // Byte by byte, the buffer itself is several times as slow as a copy of it.
        bytes.getBytes(begin, chunk, 0, end);
        int at = 0;
        int compacted = 0;
        int keptFrom = 0;
        boolean skipping = skipping();
        while (at < end) {
            if (depth == 0 && type == 0 && bulk == 0 && toPass == 0) {
                replyBegins(chunk[at]);
            }
            if (!skipping && skipping()) {
                compacted = move(bytes, begin, keptFrom, at, compacted);
            } else if (skipping && !skipping()) {
                keptFrom = at;
            }
            skipping = skipping();
            if (bulk > 0) {
                int part = (int) Math.min(bulk, end - at);
                at += part;
                bulk -= part;
                if (bulk == 0) {
                    elementEnds();
                }
            } else if (type != 0) {
                read(chunk[at++]);
            } else if (toPass > 0 && passWhole(at, end)) {
                at = passedTo;
            } else {
                lineBegins(at++);
            }
        }
        // What was skipped to the very end leaves nothing to be kept after it.
        bytes.writerIndex(begin + (skipping ? compacted : move(bytes, begin, keptFrom, end, compacted)));
    }

    /** Whether what is read now is not kept. */
    private boolean skipping() {
        return toPass > 0 || dropping;
    }

    private void replyBegins(byte first) {
        Expected reply = expected.peek();
        if (reply == null) {
            return;
        }
        boolean lead = leadsRead < reply.leads();
        boolean fails = lead && first == '-' && !leadFailed;
        dropping = lead ? !fails : leadFailed;
        leadFailed |= fails;
    }

    private void replyEnds() {
        dropping = false;
        Expected reply = expected.peek();
        if (reply != null && leadsRead < reply.leads()) {
            leadsRead++;
        } else {
            expected.poll();
            leadsRead = 0;
            leadFailed = false;
        }
    }

    /** Copies a part of the chunk to a place in the buffer, from its beginning on. */
    private int move(ByteBuf bytes, int begin, int from, int to, int target) {
        bytes.setBytes(begin + target, chunk, from, to - from);
        return target + to - from;
    }

    /** Passes over bulk strings that are in the chunk with their ends, as nearly all names are; false if none is. */
    private boolean passWhole(int from, int end) {
        byte[] bytes = chunk;
        long left = toPass;
        int at = from;
        while (left > 0 && at < end && bytes[at] == '$') {
            int digit = at + 1;
            int size = 0;
            while (digit < end && bytes[digit] >= '0' && bytes[digit] <= '9' && size < LARGEST_QUICK) {
                size = size * 10 + bytes[digit++] - '0';
            }
            int next = digit + LINE_END + size + LINE_END;
            // A size of -1, a line that is cut off, or one too large: byte by byte.
            if (digit == at + 1 || next > end || bytes[digit] != '\r') {
                break;
            }
            at = next;
            left--;
        }
        passedTo = at;
        if (at == from) {
            return false;
        }
        toPass = Math.max(1, left);
        if (left == 0) {
            elementEnds();
        }
        return true;
    }

    private void lineBegins(int at) {
        type = chunk[at];
        number = 0;
        negative = false;
        Expected reply = expected.peek();
        if (type == '*' && toPass == 0 && !dropping && reply != null && depth >= reply.keptDepth()) {
            // The digits that follow are right for an integer as well.
            chunk[at] = ':';
            counting = true;
        }
    }

    private void read(byte next) {
        if (next == '\n') {
            lineEnds();
        } else if (next == '-') {
            negative = true;
        } else if (next >= '0' && next <= '9') {
            number = number * 10 + next - '0';
        }
    }

    private void lineEnds() {
        byte ended = type;
        type = 0;
        long size = negative ? 0 : number;
        if (ended == '$' && !negative) {
            bulk = size + LINE_END;
        } else if (ended == '*' && counting) {
            counting = false;
            toPass = size;
            if (size == 0) {
                elementEnds();
            }
        } else if (ended == '*' && toPass > 0) {
            toPass += size;
            elementEnds();
        } else if (ended == '*' && size > 0) {
            if (depth == open.length) {
                open = Arrays.copyOf(open, 2 * depth);
            }
            open[depth++] = Math.toIntExact(size);
        } else {
            elementEnds();
        }
    }

    private void elementEnds() {
        if (toPass > 0 && --toPass > 0) {
            return;
        }
        while (depth > 0) {
            if (--open[depth - 1] > 0) {
                return;
            }
            depth--;
        }
        replyEnds();
    }
}
