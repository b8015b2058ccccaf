package io.keysweep.benchmarks.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/** Sends requests byte by byte as they are, each on a separate connection, and reads all that the service answers. */
final class RawExchange {

    /** The number of bytes after which an answer is no longer read. */
    private static final int MAX_ANSWER = 32 * 1024 * 1024;

    private static final int CONNECT_MILLIS = 60_000;

    /** The number of bytes after which an answer is no longer examined for the head of an event stream. */
    private static final int MAX_HEAD_BYTES = 16_384;

    private final InetSocketAddress address;
    private final Duration limit;

    /**
     * Creates an object that sends requests to a service.
     *
     * @param address the address of the service
     * @param limit the time within which the service must answer and end the connection
     */
    RawExchange(InetSocketAddress address, Duration limit) {
        this.address = address;
        this.limit = limit;
    }

    /**
     * Holds the answer of the service to one request.
     *
     * @param octets all bytes that the service has sent
     * @param ended whether the service has ended the connection, or has begun an event stream, which continues
     */
    record Received(String octets, boolean ended) {}

    /**
     * Sends a request, and reads until the service ends the connection or the time is over.
     *
     * @throws IOException if the service accepts no connection
     */
    Received send(FuzzRequest request) throws IOException {
        long deadline = System.nanoTime() + limit.toNanos();
        try (Socket socket = new Socket()) {
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            bind(socket, request.number());
            socket.connect(address, CONNECT_MILLIS);
            write(socket, request);
            return read(socket, deadline);
        }
    }

    /**
     * Binds the socket to an address within 127.0.0.0/8 that depends on the request's number. The service limits wrong
     * keys for each address, so wrong keys of earlier requests do not make it refuse this one. A system whose only
     * loopback address is 127.0.0.1 uses that one.
     */
    private static void bind(Socket socket, long number) throws IOException {
        byte[] source = {127, 1, (byte) (number >> 8), (byte) (number | 1)};
        try {
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(source), 0));
        } catch (IOException e) {
            socket.bind(/* bindpoint= */ null);
        }
    }

    private static void write(Socket socket, FuzzRequest request) {
        try {
            OutputStream out = socket.getOutputStream();
            out.write(Octets.bytes(request.octets()));
            out.flush();
            if (request.endsOutput()) {
                socket.shutdownOutput();
            }
        } catch (IOException e) {
            // The service has refused the request before its end, and may have answered.
        }
    }

    /** Reads an answer until the service closes the connection, but only until a deadline. */
    private static Received read(Socket socket, long deadline) {
        ByteArrayOutputStream receivedBytes = new ByteArrayOutputStream();
        byte[] buffer = new byte[16 * 1024];
        try {
            InputStream in = socket.getInputStream();
            while (receivedBytes.size() < MAX_ANSWER && !streamsEvents(receivedBytes)) {
                long leftMillis = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
                if (leftMillis <= 0) {
                    return new Received(toOctets(receivedBytes), /* ended= */ false);
                }
                socket.setSoTimeout(Math.toIntExact(leftMillis));
                int size = in.read(buffer);
                if (size < 0) {
                    break;
                }
                receivedBytes.write(buffer, 0, size);
            }
            return new Received(toOctets(receivedBytes), /* ended= */ true);
        } catch (SocketTimeoutException e) {
            return new Received(toOctets(receivedBytes), /* ended= */ false);
        } catch (IOException e) {
            // The service has reset the connection, which it may do with a request that it does not read to its end.
            return new Received(toOctets(receivedBytes), /* ended= */ true);
        }
    }

    /** Returns whether the answer is an event stream. It must not be read to its end, because it ends with its scan. */
    private static boolean streamsEvents(ByteArrayOutputStream received) {
        if (received.size() == 0 || received.size() > MAX_HEAD_BYTES) {
            return false;
        }
        String octets = toOctets(received).toLowerCase(Locale.ROOT);
        int end = octets.indexOf("\r\n\r\n");
        return end > 0 && end < octets.length() - 4 && octets.lastIndexOf("content-type: text/event-stream", end) > 0;
    }

    private static String toOctets(ByteArrayOutputStream received) {
        return received.toString(StandardCharsets.ISO_8859_1);
    }
}
