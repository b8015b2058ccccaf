package io.keysweep.testkit;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The smallest client that loads and checks a server: one blocking socket, RESP2. A reply is a {@link String}, a
 * {@link Long}, a {@link List} of replies or null. Not safe to share between threads.
 */
public final class RespClient implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    private RespClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        this.out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
    }

    /**
     * Connects to a server on the loopback address.
     *
     * @throws RespException if nothing listens there
     */
    public static RespClient connect(int port) {
        return connect(port, TIMEOUT);
    }

    /** {@link #connect(int)} for commands that may take longer than half a minute. */
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
     * @throws RespException if the reply is an error; its message is the server's
     */
    public @Nullable Object call(String... command) {
        send(List.<String[]>of(command));
        Object reply = receive();
        if (reply instanceof RespException error) {
            throw error;
        }
        return reply;
    }

    /** {@link #call} for a command that replies with an integer. */
    public long callLong(String... command) {
        return (Long) Objects.requireNonNull(call(command));
    }

    /** {@link #call} for a command that replies with text. */
    public String callText(String... command) {
        return (String) Objects.requireNonNull(call(command));
    }

    /** One field of INFO, or null where the server has none of that name. */
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
     * Sends many commands in one go, then reads and drops their replies.
     *
     * @throws RespException with the first error among them
     */
    public void pipeline(List<String[]> commands) {
        send(commands);
        RespException firstError = null;
        for (int i = 0; i < commands.size(); i++) {
            if (receive() instanceof RespException error && firstError == null) {
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
                writeAscii("*" + command.length + "\r\n");
                for (String argument : command) {
                    byte[] bytes = argument.getBytes(StandardCharsets.UTF_8);
                    writeAscii("$" + bytes.length + "\r\n");
                    out.write(bytes);
                    writeAscii("\r\n");
                }
            }
            out.flush();
        } catch (IOException e) {
            throw new RespException("Connection broke while sending", e);
        }
    }

    private void writeAscii(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private @Nullable Object receive() {
        try {
            return readReply();
        } catch (IOException e) {
            throw new RespException("Connection broke while receiving", e);
        }
    }

    private @Nullable Object readReply() throws IOException {
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

    private @Nullable String readBulk(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length || in.read() != '\r' || in.read() != '\n') {
            throw new EOFException("Bulk reply was cut short");
        }
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

    private String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\r'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("Connection closed by the server");
            }
            line.append((char) c);
        }
        in.read();
        if (line.isEmpty()) {
            throw new IOException("Not RESP2: an empty line");
        }
        return line.toString();
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Nothing is left to be saved on this socket.
        }
    }
}
