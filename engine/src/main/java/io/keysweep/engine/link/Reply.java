package io.keysweep.engine.link;

import java.util.List;

/** One reply of a server, of whatever kind. */
public sealed interface Reply {

    /** An integer. */
    record Numeric(long value) implements Reply {}

    /** A status or a bulk string, read as UTF-8. */
    record Text(String value) implements Reply {}

    /** An array, possibly nested. */
    record Items(List<Reply> values) implements Reply {

        public Items {
            values = List.copyOf(values);
        }
    }

    /**
     * An array whose elements were not kept.
     *
     * @param size how many it had
     */
    record Counted(int size) implements Reply {}

    /** No value. */
    record Nil() implements Reply {

        /** The only one needed. */
        public static final Nil NIL = new Nil();
    }

    /**
     * An error.
     *
     * @param message the whole line, code first
     */
    record Failure(String message) implements Reply {

        /** First word of the message, for example {@code NOAUTH}. */
        public String code() {
            int space = message.indexOf(' ');
            return space < 0 ? message : message.substring(0, space);
        }
    }

    /**
     * The integer that this reply is.
     *
     * @throws UnexpectedReplyException if it is something else
     */
    default long number() {
        if (this instanceof Numeric numeric) {
            return numeric.value;
        }
        throw new UnexpectedReplyException(this, "an integer");
    }

    /**
     * The text that this reply is.
     *
     * @throws UnexpectedReplyException if it is something else
     */
    default String text() {
        if (this instanceof Text text) {
            return text.value;
        }
        throw new UnexpectedReplyException(this, "a text");
    }

    /**
     * How many elements the array has that this reply is, kept or not.
     *
     * @throws UnexpectedReplyException if it is something else
     */
    default int size() {
        return switch (this) {
            case Items items -> items.values.size();
            case Counted counted -> counted.size;
            default -> throw new UnexpectedReplyException(this, "an array");
        };
    }

    /**
     * The array that this reply is.
     *
     * @throws UnexpectedReplyException if it is something else or shorter than {@code atLeast}
     */
    default List<Reply> items(int atLeast) {
        if (this instanceof Items items && items.values.size() >= atLeast) {
            return items.values;
        }
        throw new UnexpectedReplyException(this, "an array of at least " + atLeast);
    }
}
