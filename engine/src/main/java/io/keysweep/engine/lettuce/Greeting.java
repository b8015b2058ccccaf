package io.keysweep.engine.lettuce;

import io.keysweep.engine.link.Reply;
import io.keysweep.engine.link.UnexpectedReplyException;
import io.keysweep.engine.text.ForeignText;
import io.netty.buffer.ByteBuf;
import io.netty.util.AttributeKey;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the text that a server sends before the first command, which Lettuce would discard.
 *
 * <p>A Redis server sends such a text only when it refuses a connection ({@code maxclients}, protected mode): it sends
 * an error and closes the connection. Other services may send a banner, for example {@code SSH-2.0-…}. Each connection
 * has one greeting. {@link ReplyFilter} fills it and {@link ConnectionRefusal} reads it, both on the thread that runs
 * the connection's event loop.
 */
final class Greeting {

    /** The attribute of a channel that holds its greeting. */
    static final AttributeKey<Greeting> KEY = AttributeKey.valueOf(Greeting.class, "greeting");

    /** The largest number of bytes that are kept, since a peer may send without end. Errors and banners are shorter. */
    private static final int MAX_BYTES = 512;

    private final StringBuilder text = new StringBuilder();

    /**
     * Adds bytes that the server has sent before the first command. Ignores all bytes after the first {@link
     * #MAX_BYTES}.
     */
    void add(ByteBuf bytes) {
        int length = Math.min(bytes.readableBytes(), MAX_BYTES - text.length());
        text.append(bytes.toString(bytes.readerIndex(), length, StandardCharsets.ISO_8859_1));
    }

    /** Returns the error in the first line of the greeting; null if there is no greeting, or it is not an error. */
    Reply.@Nullable Failure error() {
        return text.isEmpty() || text.charAt(0) != '-'
                ? null
                : new Reply.Failure(
                        text.substring(1).lines().findFirst().orElse("").strip());
    }

    /**
     * Returns the exception for a greeting that is not an error of the Redis protocol. Returns null if there is no
     * greeting, or if it is such an error.
     */
    @Nullable UnexpectedReplyException asUnexpectedReply() {
        return text.isEmpty() || text.charAt(0) == '-'
                ? null
                : new UnexpectedReplyException(ForeignText.quote(text.toString()) + " before any command");
    }
}
