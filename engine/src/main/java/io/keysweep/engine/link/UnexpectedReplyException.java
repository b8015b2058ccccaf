package io.keysweep.engine.link;

/** A server has answered with another kind of reply than the command gives. */
public final class UnexpectedReplyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnexpectedReplyException(Reply reply, String wanted) {
        super(describe(reply) + " instead of " + wanted);
    }

    // Key names must not reach a log, so only the kind of a reply is told; errors hold no names.
    private static String describe(Reply reply) {
        return reply instanceof Reply.Failure failure
                ? failure.message()
                : reply.getClass().getSimpleName();
    }
}
