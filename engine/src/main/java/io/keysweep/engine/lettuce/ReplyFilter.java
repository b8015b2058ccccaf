package io.keysweep.engine.lettuce;

import io.lettuce.core.protocol.CommandHandler;
import io.lettuce.core.protocol.RedisCommand;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.Collection;

/**
 * Removes unneeded parts of replies in front of the client library's decoder. The decoder handles every element of an
 * array, so millions of key names would cost the client as much time as they cost the server.
 *
 * <p>Two things are removed, see {@link ReplyCompactor}: the elements of arrays of which only the size is wanted, and the
 * replies to commands that precede another, see {@link io.keysweep.engine.link.Command#preceding}. Replies arrive in the
 * order of their commands, so the filter learns what to remove from the commands that are written. Runs on the
 * connection's own thread only.
 */
final class ReplyFilter extends ChannelDuplexHandler {

    private final ExpectedReplies expected = new ExpectedReplies();
    private final ReplyCompactor compactor = new ReplyCompactor(expected);

    /** Adds a filter in front of the decoder of a new connection. */
    static void install(Channel channel) {
        String decoder = channel.pipeline().context(CommandHandler.class).name();
        channel.pipeline().addBefore(decoder, "reply-filter", new ReplyFilter());
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof Collection<?> commands) {
            commands.forEach(this::expectReply);
        } else {
            expectReply(message);
        }
        // The caller of write() observes the promise.
        var unused = context.write(message, promise);
    }

    private void expectReply(Object message) {
        if (message instanceof RedisCommand<?, ?, ?> command) {
            if (command.getOutput() instanceof ReplyOutput output) {
                expected.add(output.preceding(), output.keptDepth());
            } else {
                expected.addUnfiltered();
            }
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf bytes) {
            compactor.compact(bytes);
            if (!bytes.isReadable()) {
                bytes.release();
                return;
            }
        }
        context.fireChannelRead(message);
    }
}
