package io.keysweep.engine.lettuce;

import io.keysweep.engine.link.UnexpectedReplyException;
import io.keysweep.engine.text.ForeignText;
import java.nio.charset.StandardCharsets;

/**
 * Reads one line of a reply byte by byte: the type of an element, and the number after it.
 *
 * <p>Examples are {@code :2} (the integer 2), {@code $5} (a bulk string of 5 bytes follows), {@code *2} (an array of 2
 * elements follows), {@code $-1} (null) and {@code +OK} (a status, which has no number). {@link ReplyCompactor} uses
 * one instance for all lines of a connection. A line may be spread over several chunks of the stream. Not thread-safe.
 */
final class ReplyLine {

    /** The first bytes of the types of elements: status, error, integer, bulk string and array. */
    private static final String TYPES = "+-:$*";

    /** The largest accepted length of a string and size of an array; no server sends more. */
    private static final long MAX_SIZE = Integer.MAX_VALUE;

    /** The first byte of the line, which is the type of the element; 0 if no line is being read. */
    private byte type;

    /** True if the number in the line is negative; a size of -1 means null. */
    private boolean negative;

    /** The absolute value of the number in the line so far. */
    private long number;

    /** True if the line contains a character that is not part of a number. */
    private boolean otherCharacter;

    /** The position at which the line begins in the current chunk; -1 if it began in an earlier chunk. */
    private int start;

    /** Begins a new chunk of the stream. Positions in earlier chunks are no longer valid. */
    void beginChunk() {
        start = -1;
    }

    /**
     * Begins a line.
     *
     * @param first the first byte of the line
     * @param position the position at which the line begins in the current chunk
     * @return whether the byte is a type; if not, the caller throws {@link #malformed}
     */
    boolean begin(byte first, int position) {
        type = first;
        start = position;
        number = 0;
        negative = false;
        otherCharacter = false;
        return TYPES.indexOf(first) >= 0;
    }

    /** Adds a byte after the first byte; it is not the final LF. */
    void add(byte next) {
        if (next == '-') {
            negative = true;
        } else if (next >= '0' && next <= '9') {
            // The minimum prevents an overflow by many digits; the result still exceeds MAX_SIZE.
            number = Math.min(number, MAX_SIZE) * 10 + next - '0';
        } else if (next != '\r') {
            otherCharacter = true;
        }
    }

    /** Returns whether a line has begun and has not ended. */
    boolean isOpen() {
        return type != 0;
    }

    /** Returns the type of the element. */
    byte type() {
        return type;
    }

    /**
     * Returns whether the line is not allowed by the protocol: a number contains another character, or a size is out of
     * range. The size -1 means null, and other negative sizes do not exist.
     */
    boolean isMalformed() {
        boolean hasSize = type == '$' || type == '*';
        boolean isBadNumber = otherCharacter && (hasSize || type == ':');
        boolean isBadSize = hasSize && (number > MAX_SIZE || (negative && number != 1));
        return isBadNumber || isBadSize;
    }

    /** Returns whether the size in the line is -1, which means null. */
    boolean isNull() {
        return negative;
    }

    /** Returns the length of a string or the size of an array. For null it returns 0, since null has no elements. */
    long size() {
        return negative ? 0 : number;
    }

    /** Ends the line. */
    void end() {
        type = 0;
    }

    /**
     * Returns the exception that quotes the line.
     *
     * @param chunk the current chunk of the stream
     * @param end the end of the chunk, and so of the quotation
     */
    UnexpectedReplyException malformed(byte[] chunk, int end) {
        // The compactor may have replaced the first byte in the chunk, so it is taken from the type.
        int from = start + 1;
        String restOfLine = new String(chunk, from, end - from, StandardCharsets.ISO_8859_1);
        String line = (char) type + (start < 0 ? "..." : "") + restOfLine;
        return new UnexpectedReplyException(
                ForeignText.quote(line.lines().findFirst().orElse("")) + " instead of a reply of the Redis protocol");
    }
}
