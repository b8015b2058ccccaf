package io.keysweep.engine.link;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when the connection to a node that has answered before breaks, or when a reply takes too long. The link is
 * closed; the caller must open a new one.
 */
public final class LinkBrokenException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message one short sentence for users
     * @param cause the client library's exception, or null
     */
    public LinkBrokenException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
