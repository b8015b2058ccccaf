package io.keysweep.engine.link;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a reply makes no sense to the caller, for example an error or a text instead of an integer.
 *
 * <p>The message is a part of a sentence, such as {@code a text of 5 characters instead of an integer}; callers put
 * "the server sent" before it.
 */
public final class UnexpectedReplyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Reply.@Nullable Failure error;

    /**
     * Creates the exception for a reply of the wrong type.
     *
     * @param expected the expected type, for example {@code an integer}
     */
    UnexpectedReplyException(Reply reply, String expected) {
        super(describe(reply) + " instead of " + expected);
        error = reply instanceof Reply.Failure failure ? failure : null;
    }

    /**
     * Creates the exception for a reply that no server of the Redis protocol would send.
     *
     * @param message the received and the expected text, for example {@code "abc" instead of a number}
     */
    public UnexpectedReplyException(String message) {
        super(message);
        error = null;
    }

    /** Returns the reply if it is an error; null if it is of another type, or not a reply of the Redis protocol. */
    public Reply.@Nullable Failure error() {
        return error;
    }

    // Texts and arrays are named by their type only, because key names must not reach a log.
    private static String describe(Reply reply) {
        return switch (reply) {
            case Reply.Failure failure -> failure.message();
            case Reply.Numeric number -> "the integer " + number.value();
            case Reply.Text text -> "a text of " + text.value().length() + " characters";
            case Reply.Items items -> "an array of " + items.values().size();
            case Reply.Counted counted -> "an array of " + counted.size();
            case Reply.Nil nil -> "nothing (nil)";
        };
    }
}
