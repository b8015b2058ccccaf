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
 * Takes arrays that are only counted out of the stream of replies before the client library's decoder sees them, and
 * leaves an integer, their size, in their place. The decoder goes through every element, and names of keys by the million
 * would cost the client as much as they cost the server. Here they are passed over by the length that each says first
 * (RESP2, Redis protocol specification).
 *
 * <p>Which replies have such arrays follows from the commands as they go out: replies come in the same order. Used on the
 * connection's own thread.
 */
final class ArrayCounter extends ChannelDuplexHandler {

    private static final int LINE_END = 2;

    /** Sizes of up to ten times as much cannot overflow. */
    private static final int LARGEST_QUICK = 10_000_000;

    /** The bytes that have come in last. */
    private byte[] chunk = new byte[0];

    /** Where {@link #passWhole} has come to. */
    private int passedTo;

    /** Kept depths of the replies that are still to come, the one being read first. */
    private final Deque<Integer> keptDepths = new ArrayDeque<>();

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
        channel.pipeline().addBefore(decoder, "array-counter", new ArrayCounter());
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
            keptDepths.add(command.getOutput() instanceof ReplyOutput output ? output.keptDepth() : Integer.MAX_VALUE);
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
        while (at < end) {
            boolean passing = toPass > 0;
            if (bulk > 0) {
                int part = (int) Math.min(bulk, end - at);
                at += part;
                bulk -= part;
                if (bulk == 0) {
                    elementEnds();
                }
            } else if (type != 0) {
                read(chunk[at++]);
            } else if (passing && passWhole(at, end)) {
                at = passedTo;
            } else {
                lineBegins(at++);
            }
            if (!passing && toPass > 0) {
                compacted = move(bytes, begin, keptFrom, at, compacted);
            } else if (passing && toPass == 0) {
                keptFrom = at;
            }
        }
        bytes.writerIndex(begin + (toPass > 0 ? compacted : move(bytes, begin, keptFrom, end, compacted)));
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
        Integer kept = keptDepths.peek();
        if (type == '*' && toPass == 0 && kept != null && depth >= kept) {
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
        keptDepths.poll();
    }
}
