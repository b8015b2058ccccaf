package io.keysweep.testkit;

import io.keysweep.testkit.RespClient.ScanPage;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads replies in RESP2 for {@link RespClient}, and commands, which have the form of a reply, for fake servers.
 *
 * <p>The reader has a buffer of its own, because {@link java.io.BufferedInputStream} takes a lock for each byte, which
 * would slow down a benchmark of SCAN. Methods throw IOException if the stream ends, or if its content is not RESP2.
 * Not safe to share between threads.
 */
final class RespReader {

    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];

    /** The index of the next byte in the buffer. */
    private int position;

    /** The end of the bytes in the buffer. */
    private int limit;

    RespReader(InputStream in) {
        this.in = in;
    }

    /**
     * Reads one reply, and blocks until it is complete. Returns a String, a Long, a List of replies, or null for a null
     * reply; an error is returned as a {@link RespException}.
     */
    @Nullable Object readReply() throws IOException {
        String line = readLine();
        String rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '+' -> rest;
            case '-' -> new RespException(rest);
            case ':' -> Long.valueOf(rest);
            case '$' -> readBulk(Integer.parseInt(rest));
            case '*' -> readArray(Integer.parseInt(rest));
            default -> throw new IOException("Not RESP2: " + line);
        };
    }

    /**
     * Reads the reply to SCAN as a {@link ScanPage} and skips the key names; an error is returned as a
     * {@link RespException}.
     */
    Object readScanPage() throws IOException {
        String line = readLine();
        if (line.charAt(0) == '-') {
            return new RespException(line.substring(1));
        }
        if (!line.equals("*2")) {
            throw new IOException("Not a reply to SCAN: " + line);
        }
        String cursor = (String) readReply();
        int names = readLength('*');
        for (int i = 0; i < names; i++) {
            skip(readLength('$') + 2);
        }
        return new ScanPage(String.valueOf(cursor), names);
    }

    /** Reads the bytes of a bulk string and its line end; a negative length stands for null. */
    private @Nullable String readBulk(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        for (int copied = 0; copied < length; ) {
            fillIfEmpty();
            int part = Math.min(length - copied, limit - position);
            System.arraycopy(buffer, position, bytes, copied, part);
            copied += part;
            position += part;
        }
        skip(2);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private @Nullable List<@Nullable Object> readArray(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        List<@Nullable Object> items = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
            items.add(readReply());
        }
        return items;
    }

    /** Reads a line of at least one character, and returns it without CR and LF. */
    private String readLine() throws IOException {
        int end = position;
        while (end + 1 < limit && buffer[end] != '\r') {
            end++;
        }
        if (end + 1 < limit && end > position) {
            // The usual case: the whole line is in the buffer.
            String bufferedLine = new String(buffer, position, end - position, StandardCharsets.ISO_8859_1);
            position = end + 2;
            return bufferedLine;
        }
        StringBuilder line = new StringBuilder();
        for (int c = read(); c != '\r'; c = read()) {
            line.append((char) c);
        }
        skip(1);
        if (line.isEmpty()) {
            throw new IOException("Not RESP2: an empty line");
        }
        return line.toString();
    }

    /** Reads a line such as {@code $12} without creating an object, and returns the number. */
    private int readLength(char expectedType) throws IOException {
        int actualType = read();
        if (actualType != expectedType) {
            throw new IOException("Not RESP2: " + (char) actualType + " in place of " + expectedType);
        }
        int length = 0;
        for (int c = read(); c != '\r'; c = read()) {
            length = length * 10 + c - '0';
        }
        skip(1);
        return length;
    }

    private void skip(int bytes) throws IOException {
        int remainingBytes = bytes;
        while (remainingBytes > 0) {
            fillIfEmpty();
            int part = Math.min(remainingBytes, limit - position);
            position += part;
            remainingBytes -= part;
        }
    }

    private int read() throws IOException {
        fillIfEmpty();
        return buffer[position++] & 0xff;
    }

    private void fillIfEmpty() throws IOException {
        if (position < limit) {
            return;
        }
        position = 0;
        limit = Math.max(0, in.read(buffer));
        if (limit == 0) {
            throw new EOFException("The server closed the connection");
        }
    }
}
