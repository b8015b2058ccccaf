package io.keysweep.engine.lettuce;

import io.keysweep.engine.link.UnexpectedReplyException;
import io.netty.buffer.ByteBuf;

/**
 * Removes unneeded parts from the stream of replies of a connection (RESP2, see the Redis protocol specification).
 *
 * <p>{@link ReplyFilter} passes the bytes of a connection through it. {@link ExpectedReplies} decides which parts are
 * unneeded:
 *
 * <ul>
 * <li>An array that is only counted becomes an integer with the array's size: {@code *2 $1 a $1 b} becomes {@code :2}
 * (each space stands for CR LF).
 * <li>A reply that is discarded is removed completely.
 * </ul>
 *
 * <p>A reply consists of <i>elements</i>. An element is a line that begins with its type ({@code :2}), a bulk string or
 * an array. A bulk string is a line with a length, followed by that many bytes ({@code $5 hello}). An array is a line
 * with a size, followed by that many elements. {@link ReplyLine} reads the lines.
 *
 * <p>The stream arrives in chunks, and a chunk may end at any byte, so the fields keep all state between chunks. The
 * bytes of a bulk string are skipped without being read; they are most of a long reply with key names. Not thread-safe.
 */
final class ReplyCompactor {

    /** The length of the line end, CR and LF, after every line and every bulk string. */
    private static final int LINE_END_BYTES = 2;

    /**
     * The most memory that the kept parts of a reply may take, in MiB. A peer that sends more would fill the heap. The
     * longest replies of real servers, the slots of a large cluster, take a few MiB.
     */
    private static final int MAX_REPLY_MEBIBYTES = 32;

    private static final long MAX_REPLY_BYTES = MAX_REPLY_MEBIBYTES * 1024L * 1024L;

    /** The minimum memory in bytes that an element takes in addition to its own bytes. */
    private static final int ELEMENT_BYTES = 32;

    /**
     * The limit below which {@link #skipCompleteStrings} may append one more digit to a length without an overflow of
     * an int.
     */
    private static final int MAX_FAST_LENGTH = 10_000_000;

    private final ExpectedReplies expectedReplies;

    /** The line that is being read. */
    private final ReplyLine line = new ReplyLine();

    /** The arrays around the next element that have begun and not ended, and whose elements are kept. */
    private final KeptArrays keptArrays = new KeptArrays();

    /** A copy of the bytes that are being compacted. The array is reused by the next call, and enlarged when needed. */
    private byte[] chunk = new byte[0];

    /** The number of elements still to skip of the array that is only counted; 0 outside such an array. */
    private long elementsToSkip;

    /** The number of bytes still to come of a bulk string, including its line end; 0 outside a bulk string. */
    private long bulkBytes;

    /** The memory in bytes that the kept parts of the current reply take. */
    private long replyBytes;

    /** True if the line that is being read begins an array that is only counted. */
    private boolean countedArray;

    /**
     * Creates a compactor for one connection.
     *
     * @param expectedReplies decides which parts of each reply are kept
     */
    ReplyCompactor(ExpectedReplies expectedReplies) {
        this.expectedReplies = expectedReplies;
    }

    /**
     * Removes unneeded bytes from a chunk in place: moves the kept bytes together and shortens the buffer, which may be
     * empty afterwards.
     *
     * @throws UnexpectedReplyException if the bytes are not in the Redis protocol, and its message quotes them, or if a
     *     reply is too long or nested too deeply. The compactor must no longer be used, since the start of the next
     *     reply is unknown
     */
    void compact(ByteBuf bytes) {
        int bufferStart = bytes.readerIndex();
        int end = bytes.readableBytes();
        if (chunk.length < end) {
            chunk = new byte[Math.max(end, 2 * chunk.length)];
        }
        // Reading single bytes from the buffer is several times slower than reading them from an array.
        bytes.getBytes(bufferStart, chunk, 0, end);
        line.beginChunk();

        int position = 0;
        // Kept bytes are moved in ranges: a range from keptFrom ends where skipping begins, or at the end of the chunk.
        int keptFrom = 0;
        // The number of kept bytes that have been moved to their place at the start of the buffer.
        int movedBytes = 0;
        boolean skipping = isSkipping();
        while (position < end) {
            if (betweenReplies()) {
                expectedReplies.begin(chunk[position]);
                replyBytes = 0;
            }
            if (!skipping && isSkipping()) {
                movedBytes = move(bytes, bufferStart, keptFrom, position, movedBytes);
            } else if (skipping && !isSkipping()) {
                keptFrom = position;
            }
            skipping = isSkipping();

            // Each branch reads or skips one byte or more.
            if (bulkBytes > 0) {
                position += passBulkBytes(end - position);
            } else if (line.isOpen()) {
                countKept(1);
                readLineByte(chunk[position++], end);
            } else {
                int afterStrings = elementsToSkip > 0 ? skipCompleteStrings(position, end) : position;
                if (afterStrings > position) {
                    position = afterStrings;
                } else {
                    countKept(1 + ELEMENT_BYTES);
                    beginLine(position++, end);
                }
            }
        }

        // If the chunk ends within a skipped part, everything before that part has been moved already.
        int length = skipping ? movedBytes : move(bytes, bufferStart, keptFrom, end, movedBytes);
        bytes.writerIndex(bufferStart + length);
    }

    /**
     * Moves past the bytes of a bulk string without reading them, up to its end or the end of the chunk. Whether they
     * are removed depends on {@link #isSkipping}.
     *
     * @param available the number of bytes left in the chunk
     * @return the number of bytes that were passed
     */
    private int passBulkBytes(int available) {
        int part = (int) Math.min(bulkBytes, available);
        bulkBytes -= part;
        if (bulkBytes == 0) {
            endElement();
        }
        return part;
    }

    /** Returns whether the next byte is the first of a new reply. */
    private boolean betweenReplies() {
        return keptArrays.depth() == 0 && !line.isOpen() && bulkBytes == 0 && elementsToSkip == 0;
    }

    /** Returns whether the bytes that are read now are removed. */
    private boolean isSkipping() {
        return elementsToSkip > 0 || expectedReplies.isDiscarding();
    }

    /**
     * Counts the memory of bytes that are kept; does nothing while bytes are removed.
     *
     * @throws UnexpectedReplyException if the kept parts of the reply take too much memory
     */
    private void countKept(long bytes) {
        if (isSkipping()) {
            return;
        }
        replyBytes += bytes;
        if (replyBytes > MAX_REPLY_BYTES) {
            throw new UnexpectedReplyException("a reply of more than " + MAX_REPLY_MEBIBYTES + " MiB");
        }
    }

    /**
     * Copies a part of the chunk into the buffer at {@code bufferStart + target}; returns the end of the copy, counted
     * from {@code bufferStart}.
     */
    private int move(ByteBuf bytes, int bufferStart, int from, int to, int target) {
        bytes.setBytes(bufferStart + target, chunk, from, to - from);
        return target + to - from;
    }

    /**
     * Skips elements of an array that is only counted, as long as they are bulk strings and lie completely within the
     * chunk. Nearly all key names are such elements. The loop of {@link #compact} would do the same, but slower,
     * because it reads the lengths byte by byte.
     *
     * @param from where the first element begins in the chunk
     * @param end the end of the chunk
     * @return where the first element begins that was not skipped; {@code from} if none was skipped
     */
    private int skipCompleteStrings(int from, int end) {
        byte[] bytes = chunk;
        long remaining = elementsToSkip;
        int position = from;
        while (remaining > 0 && position < end && bytes[position] == '$') {
            int digit = position + 1;
            int size = 0;
            while (digit < end && bytes[digit] >= '0' && bytes[digit] <= '9' && size < MAX_FAST_LENGTH) {
                size = size * 10 + bytes[digit++] - '0';
            }
            int next = digit + LINE_END_BYTES + size + LINE_END_BYTES;
            // The loop of compact() handles a null (-1), a very long string, and a string that the chunk cuts off.
            boolean hasNoLength = digit == position + 1;
            if (hasNoLength || next > end || bytes[digit] != '\r') {
                break;
            }
            position = next;
            remaining--;
        }
        if (position == from) {
            return from;
        }
        // endElement() counts the last element itself, so this method leaves one element for that call.
        elementsToSkip = Math.max(1, remaining);
        if (remaining == 0) {
            endElement();
        }
        return position;
    }

    /**
     * Reads the first byte of a line, which is the type of an element. In the first line of an array that is only
     * counted, replaces the type by the type of an integer.
     *
     * @param position where the line begins in the chunk
     * @param end the end of the chunk, for the message of an exception
     * @throws UnexpectedReplyException if the byte is not a type
     */
    private void beginLine(int position, int end) {
        if (!line.begin(chunk[position], position)) {
            throw line.malformed(chunk, end);
        }
        if (line.type() == '*' && elementsToSkip == 0 && expectedReplies.onlyCounted(keptArrays.depth())) {
            // The size of an array and the value of an integer are written alike, so the digits after the type can be
            // kept.
            chunk[position] = ':';
            countedArray = true;
        }
    }

    /** Reads a byte after the first byte of a line. The line feed ends the line. */
    private void readLineByte(byte next, int end) {
        if (next == '\n') {
            endLine(end);
        } else {
            line.add(next);
        }
    }

    /**
     * Evaluates a complete line: starts a bulk string or an array, or ends an element that consists of the line alone.
     *
     * @param end the end of the chunk, for the message of an exception
     * @throws UnexpectedReplyException if a number or size contains another character, a size is out of range, or the
     *     reply is too long or nested too deeply
     */
    private void endLine(int end) {
        if (line.isMalformed()) {
            throw line.malformed(chunk, end);
        }
        byte type = line.type();
        line.end();
        if (type == '$' && !line.isNull()) {
            // The string is counted before it arrives, so that a string that is too long is refused immediately.
            countKept(line.size());
            bulkBytes = line.size() + LINE_END_BYTES;
        } else if (type == '*') {
            beginArray(line.size());
        } else {
            endElement();
        }
    }

    /** Begins an array that is counted, skipped or kept; ends the element immediately if the array is empty or null. */
    private void beginArray(long size) {
        if (countedArray) {
            countedArray = false;
            elementsToSkip = size;
            if (size == 0) {
                endElement();
            }
        } else if (elementsToSkip > 0) {
            // This array lies within the skipped array, so its elements are skipped as well.
            elementsToSkip += size;
            endElement();
        } else if (size == 0) {
            endElement();
        } else {
            keptArrays.begin(Math.toIntExact(size));
        }
    }

    /**
     * Ends an element. If the element is the last of an array, the array also ends, and so on outwards; once no array
     * is open, the reply ends.
     */
    private void endElement() {
        // Once all elements of an array that is only counted are skipped, the array itself is an element that ends.
        if (elementsToSkip > 0 && --elementsToSkip > 0) {
            return;
        }
        if (keptArrays.endElement()) {
            expectedReplies.end();
        }
    }
}
