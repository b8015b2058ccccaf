package io.keysweep.engine.link;

import org.jspecify.annotations.Nullable;

/** A connection broke, or an answer took too long, after the node had been talked to. The link is of no more use. */
public final class LinkBrokenException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * @param message one short sentence for people
     * @param cause what the client library said, if anything
     */
    public LinkBrokenException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
