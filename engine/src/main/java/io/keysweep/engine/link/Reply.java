package io.keysweep.engine.link;

import io.keysweep.engine.text.ForeignText;
import java.util.List;

/**
 * Contains a server's reply to one command, of any type of the Redis protocol (RESP2).
 *
 * <p>A caller that expects a type uses {@link #number}, {@link #unsigned}, {@link #text}, {@link #items} or
 * {@link #size}. They throw {@link UnexpectedReplyException} if the reply has another type. All replies are immutable.
 */
public sealed interface Reply {

    /** Holds an integer reply, for example of DBSIZE. */
    record Numeric(long value) implements Reply {}

    /**
     * Holds a status reply such as OK, or a bulk string reply. It is decoded as UTF-8; bytes that are not UTF-8 become
     * the replacement character.
     */
    record Text(String value) implements Reply {}

    /** Holds an array reply, possibly with nested arrays. */
    record Items(List<Reply> values) implements Reply {

        public Items {
            values = List.copyOf(values);
        }
    }

    /**
     * Represents an array reply without its elements: only their number was kept, see {@link Command#keptDepth}.
     *
     * @param size how many elements the array had
     */
    record Counted(int size) implements Reply {}

    /** Represents a null reply, which servers send for a value that does not exist. */
    record Nil() implements Reply {

        /** The shared instance. */
        public static final Nil NIL = new Nil();
    }

    /**
     * Holds an error reply, for example {@code NOAUTH Authentication required.}
     *
     * @param message the line of the error, which begins with the error code. It is made fit to be shown: characters
     *     that are not printable are escaped, and a very long line is cut, see {@link ForeignText}
     */
    record Failure(String message) implements Reply {

        /** The longest message in characters. Real servers send shorter errors, so only a forged line is cut. */
        private static final int MAX_LENGTH = 500;

        public Failure {
            message = ForeignText.excerpt(message, MAX_LENGTH);
        }

        /** Returns the error code, which is the first word of the message, for example {@code NOAUTH}. */
        public String code() {
            int space = message.indexOf(' ');
            return space < 0 ? message : message.substring(0, space);
        }
    }

    /**
     * Returns the value of an integer reply.
     *
     * @throws UnexpectedReplyException if this is a reply of another type
     */
    default long number() {
        if (this instanceof Numeric numeric) {
            return numeric.value;
        }
        throw new UnexpectedReplyException(this, "an integer");
    }

    /**
     * Returns the unsigned number that a text contains, for example a SCAN cursor. It may need all 64 bits; numbers of
     * 2^63 and more are negative in Java.
     *
     * @throws UnexpectedReplyException if this is a reply of another type, or the text is no such number. The message
     *     quotes the text, so call this only where the text cannot be a key name
     */
    default long unsigned() {
        String text = text();
        try {
            return Long.parseUnsignedLong(text);
        } catch (NumberFormatException e) {
            throw new UnexpectedReplyException(ForeignText.quote(text) + " instead of a number");
        }
    }

    /**
     * Returns the value of a status or bulk string reply.
     *
     * @throws UnexpectedReplyException if this is a reply of another type
     */
    default String text() {
        if (this instanceof Text text) {
            return text.value;
        }
        throw new UnexpectedReplyException(this, "a text");
    }

    /**
     * Returns the number of elements of an array reply, whether they were kept or only counted.
     *
     * @throws UnexpectedReplyException if this is a reply of another type
     */
    default int size() {
        return switch (this) {
            case Items items -> items.values.size();
            case Counted counted -> counted.size;
            default -> throw new UnexpectedReplyException(this, "an array");
        };
    }

    /**
     * Returns the elements of an array reply.
     *
     * @param atLeast the number of elements that the caller reads; an array with more is accepted, since newer versions
     *     append elements
     * @throws UnexpectedReplyException if this is a reply of another type, an array that was only counted, or an array
     *     with fewer than {@code atLeast} elements
     */
    default List<Reply> items(int atLeast) {
        if (this instanceof Items items && items.values.size() >= atLeast) {
            return items.values;
        }
        throw new UnexpectedReplyException(this, "an array of at least " + atLeast);
    }
}
