package io.keysweep.engine.lettuce;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Removes the unneeded parts from a stream of replies (RESP2, Redis protocol specification), which may be cut into chunks
 * anywhere.
 *
 * <ul>
 *   <li>An array that is only counted becomes an integer, its size: {@code *2 $1 a $1 b} becomes {@code :2}.
 *   <li>A reply that {@link ExpectedReplies} discards is removed completely.
 * </ul>
 *
 * <p>Bulk strings are skipped by the length that they announce, so most bytes of key names are never read. Not
 * thread-safe.
 */
final class ReplyCompactor {

    private static final int LINE_END_BYTES = 2;

    /** Below this limit, one more digit cannot make an {@code int} overflow. */
    private static final int MAX_FAST_LENGTH = 10_000_000;

    private final ExpectedReplies expected;

    /** A copy of the bytes that are being compacted. */
    private byte[] chunk = new byte[0];

    /** End of the last skip by {@link #skipCompleteStrings}. */
    private int skippedTo;

    /** Elements still to come of each open array that is kept, the outermost first. */
    private int[] openArrays = new int[4];

    /** Number of open arrays. */
    private int depth;
    /** Elements still to skip of the array that is only counted; 0 outside such an array. */
    private long elementsToSkip;
    /** Bytes still to come of a bulk string, its line end included. */
    private long bulkBytes;
    /** First byte of the line that is being read; 0 between lines. */
    private byte lineType;

    /** True if the line that is being read begins an array that is only counted. */
    private boolean countedArray;

    private boolean negative;
    private long number;

    /**
     * Creates a compactor for one connection.
     *
     * @param expected decides what is kept of each reply
     */
    ReplyCompactor(ExpectedReplies expected) {
        this.expected = expected;
    }

    /** Removes unneeded bytes from a buffer in place, by moving the kept bytes together and shortening the buffer. */
    void compact(ByteBuf bytes) {
        int begin = bytes.readerIndex();
        int end = bytes.readableBytes();
        if (chunk.length < end) {
            chunk = new byte[Math.max(end, 2 * chunk.length)];
        }
        // Reading single bytes from the buffer is several times slower than reading them from an array.
        bytes.getBytes(begin, chunk, 0, end);
        int at = 0;
        int compacted = 0;
        int keptFrom = 0;
        boolean skipping = skipping();
        while (at < end) {
            if (depth == 0 && lineType == 0 && bulkBytes == 0 && elementsToSkip == 0) {
                expected.begin(chunk[at]);
            }
            if (!skipping && skipping()) {
                compacted = move(bytes, begin, keptFrom, at, compacted);
            } else if (skipping && !skipping()) {
                keptFrom = at;
            }
            skipping = skipping();
            if (bulkBytes > 0) {
                int part = (int) Math.min(bulkBytes, end - at);
                at += part;
                bulkBytes -= part;
                if (bulkBytes == 0) {
                    endElement();
                }
            } else if (lineType != 0) {
                readLineByte(chunk[at++]);
            } else if (elementsToSkip > 0 && skipCompleteStrings(at, end)) {
                at = skippedTo;
            } else {
                beginLine(at++);
            }
        }
        // If the chunk ends within a skipped part, everything before that part has been moved already.
        bytes.writerIndex(begin + (skipping ? compacted : move(bytes, begin, keptFrom, end, compacted)));
    }

    /** Returns whether the bytes that are read now are removed. */
    private boolean skipping() {
        return elementsToSkip > 0 || expected.discarding();
    }

    /** Copies a part of the chunk into the buffer at {@code begin + target}; returns the end of the copy. */
    private int move(ByteBuf bytes, int begin, int from, int to, int target) {
        bytes.setBytes(begin + target, chunk, from, to - from);
        return target + to - from;
    }

    /**
     * Skips elements that are bulk strings and lie completely within the chunk, as nearly all key names do. Sets {@link
     * #skippedTo}.
     *
     * @return whether at least one element was skipped
     */
    private boolean skipCompleteStrings(int from, int end) {
        byte[] bytes = chunk;
        long left = elementsToSkip;
        int at = from;
        while (left > 0 && at < end && bytes[at] == '$') {
            int digit = at + 1;
            int size = 0;
            while (digit < end && bytes[digit] >= '0' && bytes[digit] <= '9' && size < MAX_FAST_LENGTH) {
                size = size * 10 + bytes[digit++] - '0';
            }
            int next = digit + LINE_END_BYTES + size + LINE_END_BYTES;
            // A nil (-1), a very long string or one that the chunk cuts off is left to the caller.
            if (digit == at + 1 || next > end || bytes[digit] != '\r') {
                break;
            }
            at = next;
            left--;
        }
        skippedTo = at;
        if (at == from) {
            return false;
        }
        elementsToSkip = Math.max(1, left);
        if (left == 0) {
            endElement();
        }
        return true;
    }

    private void beginLine(int at) {
        lineType = chunk[at];
        number = 0;
        negative = false;
        if (lineType == '*' && elementsToSkip == 0 && expected.onlyCounted(depth)) {
            // The digits that follow are the value of the integer.
            chunk[at] = ':';
            countedArray = true;
        }
    }

    private void readLineByte(byte next) {
        if (next == '\n') {
            endLine();
        } else if (next == '-') {
            negative = true;
        } else if (next >= '0' && next <= '9') {
            number = number * 10 + next - '0';
        }
    }

    private void endLine() {
        byte type = lineType;
        lineType = 0;
        long size = negative ? 0 : number;
        if (type == '$' && !negative) {
            bulkBytes = size + LINE_END_BYTES;
        } else if (type == '*' && countedArray) {
            countedArray = false;
            elementsToSkip = size;
            if (size == 0) {
                endElement();
            }
        } else if (type == '*' && elementsToSkip > 0) {
            // An array within a skipped one: its elements are skipped as well.
            elementsToSkip += size;
            endElement();
        } else if (type == '*' && size > 0) {
            if (depth == openArrays.length) {
                openArrays = Arrays.copyOf(openArrays, 2 * depth);
            }
            openArrays[depth++] = Math.toIntExact(size);
        } else {
            endElement();
        }
    }

    /** Ends an element, and with it every array whose last element it is; ends the reply if no array is left open. */
    private void endElement() {
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
