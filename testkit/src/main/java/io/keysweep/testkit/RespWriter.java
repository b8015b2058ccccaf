package io.keysweep.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes commands in RESP2 for {@link RespClient}.
 *
 * <p>The writer has a buffer of its own and creates few objects, because tests plant millions of keys. Not safe to
 * share between threads.
 */
final class RespWriter {

    /** The length of the longest line {@code $2147483647\r\n}. */
    private static final int MAX_LINE = 13;

    private final OutputStream out;
    private final byte[] buffer = new byte[1 << 16];

    /** The number of bytes in the buffer. */
    private int length;

    RespWriter(OutputStream out) {
        this.out = out;
    }

    /** Writes one command; {@link #flush} sends it. */
    void write(String... command) throws IOException {
        writeLine('*', command.length);
        for (String word : command) {
            byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
            writeLine('$', bytes.length);
            writeBytes(bytes);
        }
    }

    /** Sends all commands that have been written. */
    void flush() throws IOException {
        out.write(buffer, 0, length);
        length = 0;
        out.flush();
    }

    /** Writes a line such as {@code $12}. */
    private void writeLine(char type, int number) throws IOException {
        ensureRoom(MAX_LINE);
        buffer[length++] = (byte) type;
        int digits = 1;
        for (int rest = number; rest >= 10; rest /= 10) {
            digits++;
        }
        int rest = number;
        for (int i = length + digits - 1; i >= length; i--) {
            buffer[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
        writeLineEnd();
    }

    private void writeBytes(byte[] bytes) throws IOException {
        ensureRoom(bytes.length + 2);
        if (bytes.length + 2 > buffer.length) {
            // The word is longer than the buffer, which is empty now.
            out.write(bytes);
        } else {
            System.arraycopy(bytes, 0, buffer, length, bytes.length);
            length += bytes.length;
        }
        writeLineEnd();
    }

    private void writeLineEnd() {
        buffer[length++] = '\r';
        buffer[length++] = '\n';
    }

    /** Empties the buffer if it has no room for that many bytes. */
    private void ensureRoom(int bytes) throws IOException {
        if (buffer.length - length < bytes) {
            out.write(buffer, 0, length);
            length = 0;
        }
    }
}
