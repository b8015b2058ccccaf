package io.keysweep.benchmarks.server;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Plain SCAN with as little client as there can be: names are counted and skipped, never made into objects, so that a
 * slow client does not speak against the way. Not safe to share between threads.
 */
public final class LeanScanner implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 60_000;

    private final Socket socket;
    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private int position;
    private int limit;

    private LeanScanner(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
    }

    /** Connects to a server on the loopback address. */
    public static LeanScanner connect(int port) throws IOException {
        Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
        return new LeanScanner(socket);
    }

    /** One SCAN. */
    public Page scan(String cursor, int count) throws IOException {
        socket.getOutputStream()
                .write(("SCAN " + cursor + " COUNT " + count + "\r\n").getBytes(StandardCharsets.US_ASCII));
        length('*');
        String next = text(length('$'));
        int names = length('*');
        for (int i = 0; i < names; i++) {
            skip(length('$') + 2);
        }
        return new Page(next, names);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private int length(char type) throws IOException {
        int first = read();
        if (first != type) {
            throw new IOException("SCAN was answered with " + (char) first + ", not with " + type);
        }
        int number = 0;
        for (int c = read(); c != '\r'; c = read()) {
            number = number * 10 + c - '0';
        }
        read();
        return number;
    }

    private String text(int length) throws IOException {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append((char) read());
        }
        skip(2);
        return text.toString();
    }

    private void skip(int bytes) throws IOException {
        int left = bytes;
        while (left > limit - position) {
            left -= limit - position;
            fill();
        }
        position += left;
    }

    private int read() throws IOException {
        if (position == limit) {
            fill();
        }
        return buffer[position++];
    }

    private void fill() throws IOException {
        limit = in.read(buffer);
        position = 0;
        if (limit < 0) {
            throw new EOFException("The server closed the connection");
        }
    }

    /**
     * A reply to SCAN.
     *
     * @param cursor where to go on; {@code 0} at the end
     * @param names how many key names came
     */
    public record Page(String cursor, int names) {

        /** Whether the walk is over. */
        public boolean last() {
            return cursor.equals("0");
        }
    }
}
