package io.keysweep.engine.link;

/** Thrown when a reply has another type than the caller expects, for example an error instead of an integer. */
public final class UnexpectedReplyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnexpectedReplyException(Reply reply, String expected) {
        super(describe(reply) + " instead of " + expected);
    }

    // The message names only the type of the reply, because key names must not reach a log. Error replies contain no
    // key names.
    private static String describe(Reply reply) {
        return reply instanceof Reply.Failure failure
                ? failure.message()
                : reply.getClass().getSimpleName();
    }
}
