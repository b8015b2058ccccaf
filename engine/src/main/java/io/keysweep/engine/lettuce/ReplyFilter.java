package io.keysweep.engine.lettuce;

import io.keysweep.engine.link.UnexpectedReplyException;
import io.lettuce.core.protocol.CommandHandler;
import io.lettuce.core.protocol.RedisCommand;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.Collection;

/**
 * Removes unneeded parts of replies before Lettuce's decoder reads them.
 *
 * <p>Without the filter, the decoder would decode every element of an array. Decoding key names would take the client
 * about as long as the SCAN takes the server. The filter removes two things, see {@link ReplyCompactor}:
 *
 * <ul>
 * <li>the elements of arrays whose size alone is needed
 * <li>the replies to preceding commands, such as MULTI before EXEC, except the first error among them, see {@link
 * io.keysweep.engine.link.Command#preceding}
 * </ul>
 *
 * <p>The filter is a handler in the connection's Netty pipeline. It sees each command when the command is written, and
 * so knows which parts of the reply to remove.
 *
 * <p>Replies arrive in the order of the commands. Bytes that a server sends before the first command go to the {@link
 * Greeting} and not to the decoder. Bytes that are not in the Redis protocol end the connection, with an exception that
 * quotes them. All calls run on the thread that runs the connection's event loop.
 */
final class ReplyFilter extends ChannelDuplexHandler {

    private final ExpectedReplies expectedReplies = new ExpectedReplies();
    private final ReplyCompactor compactor = new ReplyCompactor(expectedReplies);
    private final Greeting greeting;

    /** Whether a command was sent. All bytes that the server sends before are its greeting, for example an error. */
    private boolean hasSentCommand;

    /**
     * Creates a filter for one connection.
     *
     * @param greeting receives the bytes that the server sends before the first command
     */
    ReplyFilter(Greeting greeting) {
        this.greeting = greeting;
    }

    /**
     * Adds a filter in front of the decoder of a new connection ({@link CommandHandler}). The filter uses the greeting
     * in the channel's attribute; without the attribute, the greeting is lost.
     */
    static void install(Channel channel) {
        Greeting greeting = channel.attr(Greeting.KEY).get();
        String decoder = channel.pipeline().context(CommandHandler.class).name();
        channel.pipeline()
                .addBefore(decoder, "reply-filter", new ReplyFilter(greeting == null ? new Greeting() : greeting));
    }

    /**
     * Records which replies to expect, and passes the message on. Lettuce writes one command or a collection of them.
     */
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

    /** Records which parts of the reply to a command are kept; called when the command is written. */
    private void expectReply(Object message) {
        hasSentCommand = true;
        if (message instanceof RedisCommand<?, ?, ?> command) {
            if (command.getOutput() instanceof ReplyOutput output) {
                expectedReplies.add(output.preceding(), output.keptDepth());
            } else {
                // Lettuce itself sends this command.
                expectedReplies.addUnfiltered();
            }
        }
    }

    /** Passes on the kept bytes of a chunk of the stream; if none are kept, passes on nothing. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf bytes) {
            if (!hasSentCommand) {
                greeting.add(bytes);
                bytes.release();
                return;
            }
            try {
                compactor.compact(bytes);
            } catch (UnexpectedReplyException e) {
                // The start of the next reply is unknown, so the connection is of no further use.
                bytes.release();
                context.fireExceptionCaught(e);
                var unused = context.close();
                return;
            }
            // An empty buffer is not passed on, so the decoder cannot release it.
            if (!bytes.isReadable()) {
                bytes.release();
                return;
            }
        }
        context.fireChannelRead(message);
    }
}
