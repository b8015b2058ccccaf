package io.keysweep.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Sends commands of tests and benchmarks to a server, independently of the client that Keysweep itself uses.
 *
 * <p>The client uses the protocol RESP2 on one blocking socket. A reply is a {@link String} (status or bulk string), a
 * {@link Long}, a {@link List} of replies, or null for a null reply. An error reply to a command is thrown as
 * {@link RespException}; within an array it is an element. Not safe to share between threads.
 */
public final class RespClient implements AutoCloseable {

    /** The longest wait for a connection and for each reply, unless the caller sets another one. */
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Socket socket;
    private final RespReader in;
    private final RespWriter out;

    /**
     * Reports the outcome of a SCAN.
     *
     * @param cursor the cursor of the next SCAN; {@code 0} at the end
     * @param names the number of key names in the reply
     */
    public record ScanPage(String cursor, int names) {

        /** Returns whether SCAN has reached the end. */
        public boolean isLast() {
            return cursor.equals("0");
        }
    }

    private RespClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new RespReader(socket.getInputStream());
        this.out = new RespWriter(socket.getOutputStream());
    }

    /**
     * Connects to a server on the loopback address. A command may take up to 30 s.
     *
     * @throws RespException if the connection cannot be opened, for example because nothing listens on the port
     */
    public static RespClient connect(int port) {
        return connect(port, TIMEOUT);
    }

    /**
     * Connects to a server on the loopback address.
     *
     * @param timeout the longest wait for the connection and for each reply
     * @throws RespException if the connection cannot be opened, for example because nothing listens on the port
     */
    public static RespClient connect(int port, Duration timeout) {
        int timeoutMillis = Math.toIntExact(timeout.toMillis());
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(timeoutMillis);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), timeoutMillis);
            return new RespClient(socket);
        } catch (IOException e) {
            closeQuietly(socket);
            throw new RespException("No connection to port " + port, e);
        }
    }

    /**
     * Sends one command and waits for its reply.
     *
     * @param command the command's name and its arguments
     * @return the reply, see the comment of this class
     * @throws RespException if the reply is an error, with the server's message; or, with a cause, if the connection
     *     breaks or the reply does not arrive in time
     */
    public @Nullable Object call(String... command) {
        send(List.<String[]>of(command));
        return valueOf(receive(RespReader::readReply));
    }

    /** Sends a command that replies with an integer, see {@link #call}. */
    public long callLong(String... command) {
        return (Long) Objects.requireNonNull(call(command));
    }

    /** Sends a command that replies with text, see {@link #call}. */
    public String callText(String... command) {
        return (String) Objects.requireNonNull(call(command));
    }

    /** Returns one field of INFO, or null if the server has no field of that name. */
    public @Nullable String info(String field) {
        String start = field + ":";
        return callText("INFO")
                .lines()
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()))
                .findFirst()
                .orElse(null);
    }

    /**
     * Sends one SCAN and counts the key names in its reply without turning them into objects, so that a benchmark does
     * not measure this client.
     *
     * @throws RespException if the reply is an error or the connection breaks
     */
    public ScanPage scan(String cursor, int count) {
        send(List.<String[]>of(new String[] {"SCAN", cursor, "COUNT", Integer.toString(count)}));
        return (ScanPage) Objects.requireNonNull(valueOf(receive(RespReader::readScanPage)));
    }

    /**
     * Sends many commands without a wait in between, then reads and drops their replies.
     *
     * @throws RespException if a reply is an error, with the message of the first error; or if the connection breaks
     */
    public void pipeline(List<String[]> commands) {
        send(commands);
        RespException firstError = null;
        for (int i = 0; i < commands.size(); i++) {
            if (receive(RespReader::readReply) instanceof RespException error && firstError == null) {
                firstError = error;
            }
        }
        if (firstError != null) {
            throw firstError;
        }
    }

    @Override
    public void close() {
        closeQuietly(socket);
    }

    private void send(List<String[]> commands) {
        try {
            for (String[] command : commands) {
                out.write(command);
            }
            out.flush();
        } catch (IOException e) {
            throw new RespException("Connection broke while sending", e);
        }
    }

    /** Reads one reply from the connection. */
    @FunctionalInterface
    private interface Reading {
        @Nullable Object from(RespReader in) throws IOException;
    }

    private @Nullable Object receive(Reading reading) {
        try {
            return reading.from(in);
        } catch (IOException e) {
            throw new RespException("Connection broke while receiving", e);
        }
    }

    /** Returns a reply, or throws it if it is an error. */
    private static @Nullable Object valueOf(@Nullable Object reply) {
        if (reply instanceof RespException error) {
            throw error;
        }
        return reply;
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // The connection is given up in any case.
        }
    }
}
