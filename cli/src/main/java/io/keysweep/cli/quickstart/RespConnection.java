package io.keysweep.cli.quickstart;

import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.engine.topology.Credentials;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * The Redis protocol, as much of it as planting takes: commands out, replies back, many at a time. The engine's client
 * is not for writing keys. Not safe to share between threads.
 */
final class RespConnection implements AutoCloseable {

    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
    private static final int REPLY_TIMEOUT_MILLIS = 60_000;
    private static final int BUFFER_BYTES = 1 << 16;
    private static final byte[] LINE_END = {'\r', '\n'};

    /** The server has refused a command. */
    record ErrorReply(String text) {}

    private final NodeAddress address;
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    private RespConnection(NodeAddress address, Socket socket) throws IOException {
        this.address = address;
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES);
        this.out = new BufferedOutputStream(socket.getOutputStream(), BUFFER_BYTES);
    }

    static RespConnection open(Deployment.Standalone server) {
        try {
            RespConnection connection = new RespConnection(server.address(), connect(server));
            connection.authenticate(server.access().credentials());
            return connection;
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.UNREACHABLE, "cannot connect to " + server.address() + ": " + e.getMessage(), e);
        }
    }

    /** Sends one command and returns its reply: a String, Long, List, {@link ErrorReply} or null. */
    @Nullable Object ask(String... command) {
        send(command);
        return receive();
    }

    /** The same, where a refusal ends the command. */
    @Nullable Object demand(String... command) {
        send(command);
        return demandReply(command[0]);
    }

    /** Puts one more command on the way, without waiting for its reply. */
    void send(String... command) {
        try {
            out.write('*');
            writeLine(Integer.toString(command.length));
            for (String argument : command) {
                byte[] bytes = argument.getBytes(StandardCharsets.UTF_8);
                out.write('$');
                writeLine(Integer.toString(bytes.length));
                out.write(bytes);
                out.write(LINE_END);
            }
        } catch (IOException e) {
            throw lost(e);
        }
    }

    /** The reply to the earliest command that has none yet. */
    @Nullable Object receive() {
        try {
            out.flush();
            return read();
        } catch (IOException e) {
            throw lost(e);
        }
    }

    /** The same, where a refusal of that command ends the command. */
    @Nullable Object demandReply(String command) {
        Object reply = receive();
        if (reply instanceof ErrorReply error) {
            throw refused(command, error.text());
        }
        return reply;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // Nothing more was to come through it.
        }
    }

    private static Socket connect(Deployment.Standalone server) throws IOException {
        String host = server.address().host();
        Socket socket =
                server.access().tls() != null ? SSLSocketFactory.getDefault().createSocket() : new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(REPLY_TIMEOUT_MILLIS);
            socket.connect(new InetSocketAddress(host, server.address().port()), CONNECT_TIMEOUT_MILLIS);
            if (socket instanceof SSLSocket tls) {
                SSLParameters parameters = tls.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                tls.setSSLParameters(parameters);
                tls.startHandshake();
            }
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private void authenticate(Credentials credentials) {
        String password = credentials.password();
        if (password != null) {
            String username = credentials.username();
            Object ignored = username == null ? demand("AUTH", password) : demand("AUTH", username, password);
        }
    }

    private void writeLine(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.write(LINE_END);
    }

    private @Nullable Object read() throws IOException {
        String line = readLine();
        String rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '+' -> rest;
            case '-' -> new ErrorReply(rest);
            case ':' -> Long.valueOf(rest);
            case '$' -> readBulk(Integer.parseInt(rest));
            case '*' -> readList(Integer.parseInt(rest));
            default -> throw new IOException("what answers there is not Redis");
        };
    }

    private @Nullable String readBulk(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        byte[] bytes = in.readNBytes(length + LINE_END.length);
        if (bytes.length < length + LINE_END.length) {
            throw new EOFException("the server has closed the connection");
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private @Nullable List<@Nullable Object> readList(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        List<@Nullable Object> list = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
            list.add(read());
        }
        return list;
    }

    private String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        int next = in.read();
        while (next != '\r' && next != '\n') {
            if (next < 0) {
                throw new EOFException("the server has closed the connection");
            }
            line.append((char) next);
            next = in.read();
        }
        if (next == '\r') {
            next = in.read();
        }
        if (line.isEmpty()) {
            throw new IOException("what answers there is not Redis");
        }
        return line.toString();
    }

    private CommandFailure lost(IOException e) {
        return new CommandFailure(ExitCode.UNREACHABLE, "lost the connection to " + address + ": " + e.getMessage(), e);
    }

    private CommandFailure refused(String command, String text) {
        String kind = text.split(" ", 2)[0];
        ExitCode code = switch (kind) {
            case "NOAUTH", "WRONGPASS", "NOPERM" -> ExitCode.DENIED;
            case "LOADING", "MASTERDOWN" -> ExitCode.UNREACHABLE;
            default -> command.equals("AUTH") ? ExitCode.DENIED : ExitCode.NOT_SWEEPABLE;
        };
        return new CommandFailure(code, address + " refuses " + command + ": " + text);
    }
}
