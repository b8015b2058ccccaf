package io.keysweep.engine.lettuce;

import io.keysweep.engine.link.UnexpectedReplyException;
import io.keysweep.engine.text.ForeignText;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Removes the unneeded parts from a connection's stream of replies (RESP2, see the Redis protocol specification).
 *
 * <p>{@link ReplyFilter} passes the bytes of a connection through it. {@link ExpectedReplies} decides what is unneeded:
 *
 * <ul>
 *   <li>An array that is only counted becomes an integer with the array's size: {@code *2 $1 a $1 b} becomes {@code :2}
 *       (each space stands for CR LF).
 *   <li>A reply that is discarded is removed completely.
 * </ul>
 *
 * <p>A reply consists of <i>elements</i>: lines that begin with their type ({@code :2}), bulk strings, which are a line
 * with a length and then that many bytes ({@code $5 hello}), and arrays, which are a line with a size and then that
 * many elements. The stream arrives in chunks, and a chunk may end at any byte. So the fields keep all state between
 * chunks. The bytes of a bulk string are skipped without being read; they are most of a long reply with key names. Not
 * thread-safe.
 */
final class ReplyCompactor {

    /** Every line and every bulk string ends with CR and LF. */
    private static final int LINE_END_BYTES = 2;

    /** The first bytes of the types of elements: status, error, integer, bulk string and array. */
    private static final String TYPES = "+-:$*";

    /** The largest accepted length of a string and size of an array; no server sends more. */
    private static final long MAX_SIZE = Integer.MAX_VALUE;

    /**
     * The most memory in MiB that a reply may take, without what is removed from it. The longest replies of real
     * servers, the slots of a large cluster, take a few. A peer that sends more would fill the heap.
     */
    private static final int MAX_REPLY_MEBIBYTES = 32;

    private static final long MAX_REPLY_BYTES = MAX_REPLY_MEBIBYTES * 1024L * 1024L;

    /** The memory that an element takes in addition to its bytes, at least. */
    private static final int ELEMENT_BYTES = 32;

    /** The deepest nesting of arrays; no command that Keysweep sends has a reply of half as many levels. */
    private static final int MAX_DEPTH = 16;

    /** A length below this limit takes one more digit, and an addition, without overflow of an {@code int}. */
    private static final int MAX_FAST_LENGTH = 10_000_000;

    private final ExpectedReplies expected;

    /** A copy of the bytes that are being compacted; kept for the next call, and enlarged when needed. */
    private byte[] chunk = new byte[0];

    /** Where the last call of {@link #skipCompleteStrings} ended in the chunk. */
    private int skippedTo;

    /** The number of elements still to come of each open array that is kept, the outermost array first. */
    private int[] openArrays = new int[4];

    /** The number of open arrays, which are the used elements of {@link #openArrays}. */
    private int depth;

    /** The number of elements still to skip of the array that is only counted; 0 outside such an array. */
    private long elementsToSkip;

    /** The number of bytes still to come of a bulk string, including its line end; 0 outside a bulk string. */
    private long bulkBytes;

    /** The memory that the kept parts of the reply take that is being read. */
    private long replyBytes;

    /** The first byte of the line that is being read, which is the type of the element; 0 between lines. */
    private byte lineType;

    /** True if the line that is being read begins an array that is only counted. */
    private boolean countedArray;

    /** True if the number in the line that is being read is negative; a size of -1 means null. */
    private boolean negative;

    /** The absolute value of the number in the line that is being read so far. */
    private long number;

    /** True if the line that is being read contains a character that is not part of a number. */
    private boolean otherCharacter;

    /** Where the line that is being read begins in the chunk; -1 if it began in an earlier chunk. */
    private int lineStart;

    /**
     * Creates a compactor for one connection.
     *
     * @param expected decides what is kept of each reply
     */
    ReplyCompactor(ExpectedReplies expected) {
        this.expected = expected;
    }

    /**
     * Removes unneeded bytes from a chunk in place: moves the kept bytes together and shortens the buffer, which may be
     * empty afterwards.
     *
     * @throws UnexpectedReplyException if the bytes are not in the Redis protocol, and its message quotes them, or if a
     *     reply is too long or nested too deeply. The compactor must not be used any more, since the start of the next
     *     reply is unknown
     */
    void compact(ByteBuf bytes) {
        int begin = bytes.readerIndex();
        int end = bytes.readableBytes();
        if (chunk.length < end) {
            chunk = new byte[Math.max(end, 2 * chunk.length)];
        }
        // Reading single bytes from the buffer is several times slower than reading them from an array.
        bytes.getBytes(begin, chunk, 0, end);
        lineStart = -1;

        int at = 0;
        // Kept bytes are moved in runs: a run from keptFrom ends where skipping begins, or at the end of the chunk.
        int keptFrom = 0;
        // The number of kept bytes that have been moved to their place at the start of the buffer.
        int compacted = 0;
        boolean skipping = skipping();
        while (at < end) {
            if (betweenReplies()) {
                expected.begin(chunk[at]);
                replyBytes = 0;
            }
            if (!skipping && skipping()) {
                compacted = move(bytes, begin, keptFrom, at, compacted);
            } else if (skipping && !skipping()) {
                keptFrom = at;
            }
            skipping = skipping();

            // Each branch reads or skips one byte or more.
            if (bulkBytes > 0) {
                int part = (int) Math.min(bulkBytes, end - at);
                at += part;
                bulkBytes -= part;
                if (bulkBytes == 0) {
                    endElement();
                }
            } else if (lineType != 0) {
                keep(1);
                readLineByte(chunk[at++], end);
            } else if (elementsToSkip > 0 && skipCompleteStrings(at, end)) {
                at = skippedTo;
            } else {
                keep(1 + ELEMENT_BYTES);
                beginLine(at++, end);
            }
        }

        // If the chunk ends within a skipped part, everything before that part has been moved already.
        bytes.writerIndex(begin + (skipping ? compacted : move(bytes, begin, keptFrom, end, compacted)));
    }

    /** Returns whether the next byte is the first of a new reply. */
    private boolean betweenReplies() {
        return depth == 0 && lineType == 0 && bulkBytes == 0 && elementsToSkip == 0;
    }

    /** Returns whether the bytes that are read now are removed. */
    private boolean skipping() {
        return elementsToSkip > 0 || expected.discarding();
    }

    /**
     * Counts bytes of the reply that is being read, unless they are removed.
     *
     * @throws UnexpectedReplyException if the reply takes too much memory with them
     */
    private void keep(long bytes) {
        if (skipping()) {
            return;
        }
        replyBytes += bytes;
        if (replyBytes > MAX_REPLY_BYTES) {
            throw new UnexpectedReplyException("a reply of more than " + MAX_REPLY_MEBIBYTES + " MiB");
        }
    }

    /**
     * Copies a part of the chunk into the buffer at {@code begin + target}; returns the end of the copy, counted from
     * {@code begin}.
     */
    private int move(ByteBuf bytes, int begin, int from, int to, int target) {
        bytes.setBytes(begin + target, chunk, from, to - from);
        return target + to - from;
    }

    /**
     * Skips elements of an array that is only counted, as long as they are bulk strings and lie completely within the
     * chunk, as nearly all key names do. The loop of {@link #compact} would do the same, but slower, because it reads
     * the lengths byte by byte. Sets {@link #skippedTo}.
     *
     * @param from where the first element begins in the chunk
     * @param end the end of the chunk
     * @return whether at least one element was skipped
     */
    private boolean skipCompleteStrings(int from, int end) {
        byte[] bytes = chunk;
        long remaining = elementsToSkip;
        int at = from;
        while (remaining > 0 && at < end && bytes[at] == '$') {
            int digit = at + 1;
            int size = 0;
            while (digit < end && bytes[digit] >= '0' && bytes[digit] <= '9' && size < MAX_FAST_LENGTH) {
                size = size * 10 + bytes[digit++] - '0';
            }
            int next = digit + LINE_END_BYTES + size + LINE_END_BYTES;
            // The loop of compact() handles a null (-1), a very long string, and a string that the chunk cuts off.
            boolean hasNoLength = digit == at + 1;
            if (hasNoLength || next > end || bytes[digit] != '\r') {
                break;
            }
            at = next;
            remaining--;
        }
        skippedTo = at;
        if (at == from) {
            return false;
        }
        // endElement() counts the last element itself, so one is left for that call.
        elementsToSkip = Math.max(1, remaining);
        if (remaining == 0) {
            endElement();
        }
        return true;
    }

    /**
     * Reads the first byte of a line, which is the type of an element. In the first line of an array that is only
     * counted, replaces this byte by that of an integer.
     *
     * @param at where the line begins in the chunk
     * @param end the end of the chunk, for the message of an exception
     * @throws UnexpectedReplyException if the byte is no type
     */
    private void beginLine(int at, int end) {
        lineType = chunk[at];
        lineStart = at;
        number = 0;
        negative = false;
        otherCharacter = false;
        if (TYPES.indexOf(lineType) < 0) {
            throw malformed(end);
        }
        if (lineType == '*' && elementsToSkip == 0 && expected.onlyCounted(depth)) {
            // An array's size and an integer's value are written alike, so the digits that follow can stay.
            chunk[at] = ':';
            countedArray = true;
        }
    }

    /** Reads a byte after the first one of a line, and keeps the value of the digits read so far. */
    private void readLineByte(byte next, int end) {
        if (next == '\n') {
            endLine(end);
        } else if (next == '-') {
            negative = true;
        } else if (next >= '0' && next <= '9') {
            // The minimum prevents an overflow by many digits; the result still exceeds MAX_SIZE.
            number = Math.min(number, MAX_SIZE) * 10 + next - '0';
        } else if (next != '\r') {
            otherCharacter = true;
        }
    }

    /** Returns the exception that quotes the line being read, up to the end of the chunk. */
    private UnexpectedReplyException malformed(int end) {
        // The first byte in the chunk may have been replaced, see beginLine.
        int from = lineStart + 1;
        String rest = new String(chunk, from, end - from, StandardCharsets.ISO_8859_1);
        String line = (char) lineType + (lineStart < 0 ? "..." : "") + rest;
        return new UnexpectedReplyException(
                ForeignText.quote(line.lines().findFirst().orElse("")) + " instead of a reply of the Redis protocol");
    }

    /**
     * Evaluates a complete line: starts a bulk string or an array, or ends an element that consists of the line alone.
     *
     * @param end the end of the chunk, for the message of an exception
     * @throws UnexpectedReplyException if a number or size contains another character, a size is out of range, or the
     *     reply is too long or nested too deeply
     */
    private void endLine(int end) {
        byte type = lineType;
        boolean sized = type == '$' || type == '*';
        boolean badNumber = otherCharacter && (sized || type == ':');
        // The size -1 means null, and other negative sizes do not exist.
        boolean badSize = sized && (number > MAX_SIZE || (negative && number != 1));
        if (badNumber || badSize) {
            throw malformed(end);
        }
        lineType = 0;

        // A null string or array has no elements, like an empty one.
        long size = negative ? 0 : number;
        if (type == '$' && !negative) {
            // Before the string arrives, so that nothing waits for the rest of one that is refused.
            keep(size);
            bulkBytes = size + LINE_END_BYTES;
        } else if (type == '*' && countedArray) {
            countedArray = false;
            elementsToSkip = size;
            if (size == 0) {
                endElement();
            }
        } else if (type == '*' && elementsToSkip > 0) {
            // This array lies within the skipped array, so its elements are skipped as well.
            elementsToSkip += size;
            endElement();
        } else if (type == '*' && size > 0) {
            if (depth == MAX_DEPTH) {
                throw new UnexpectedReplyException("arrays that are nested deeper than " + MAX_DEPTH + " levels");
            }
            if (depth == openArrays.length) {
                openArrays = Arrays.copyOf(openArrays, 2 * depth);
            }
            openArrays[depth++] = Math.toIntExact(size);
        } else {
            endElement();
        }
    }

    /**
     * Ends an element. If the element is the last of an array, the array ends too, and so on outwards; once no array is
     * open, the reply ends.
     */
    private void endElement() {
        // Once all elements of an array that is only counted are skipped, the array itself is an element that ends.
        if (elementsToSkip > 0 && --elementsToSkip > 0) {
            return;
        }
        while (depth > 0) {
            if (--openArrays[depth - 1] > 0) {
                return;
            }
            depth--;
        }
        expected.end();
    }
}
