package io.keysweep.engine.link;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when the connection to a node breaks, or when a reply takes too long or makes no sense.
 *
 * <p>The node has answered over the connection before. The server may have run the commands whose replies are missing.
 * The caller must close the link and open a new one.
 */
public final class LinkBrokenException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception for a cause that Keysweep has found itself.
     *
     * @param message one short sentence for users
     */
    public LinkBrokenException(String message) {
        super(message);
    }

    /**
     * Creates the exception.
     *
     * @param message one short sentence for users
     * @param cause the client library's exception, or null
     */
    public LinkBrokenException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /**
     * Returns the exception for a reply in the middle of a session that makes no sense, after which the link is of no
     * further use.
     */
    public static LinkBrokenException after(UnexpectedReplyException reply) {
        return new LinkBrokenException("the server sent " + reply.getMessage(), reply);
    }
}
