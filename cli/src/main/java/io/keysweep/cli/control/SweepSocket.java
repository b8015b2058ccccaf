package io.keysweep.cli.control;

import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Serves {@code keysweep sweeps}: listens on a Unix socket for requests about the sweep of this process.
 *
 * <p>Only the user who runs the sweep, and root, can reach the socket. A connection carries one line of JSON in each
 * direction: a {@link SweepRequestLine} and a {@link SweepAnswerLine}. The operating system, not the request, says
 * which user is at the other end.
 */
public final class SweepSocket implements AutoCloseable {

    /**
     * Maximum number of characters of a request, far more than any valid request has. The limit keeps a faulty client
     * from filling the memory.
     */
    private static final int MAX_LINE_LENGTH = 8192;

    /** Socket that listens; null if it could not be opened. */
    private final @Nullable ServerSocketChannel server;

    /** File of the socket; null if the socket could not be opened. */
    private final @Nullable Path file;

    private final LocalSweep sweep;
    private final JsonMapper json = JsonMapper.builder().build();

    private SweepSocket(@Nullable ServerSocketChannel server, @Nullable Path file, LocalSweep sweep) {
        this.server = server;
        this.file = file;
        this.sweep = sweep;
    }

    /**
     * Starts to listen on a separate thread. If the socket cannot be opened, the display of the sweep shows why, and
     * the sweep runs without it.
     */
    public static SweepSocket open(CommandContext context, LocalSweep sweep) {
        try {
            SweepsFolder folder = SweepsFolder.of(context);
            folder.create();
            Path file = folder.socket(ProcessHandle.current().pid());
            SweepSocket socket = new SweepSocket(bind(file), file, sweep);
            Thread.ofPlatform().daemon().name("keysweep-control").start(socket::accept);
            return socket;
        } catch (IOException | UnsupportedOperationException | CommandFailure e) {
            sweep.say("'keysweep sweeps' cannot show or control this sweep: " + e.getMessage());
            return new SweepSocket(/* server= */ null, /* file= */ null, sweep);
        }
    }

    /** Opens the socket. Replaces the file of a process that no longer runs. */
    private static ServerSocketChannel bind(Path file) throws IOException {
        if (Files.exists(file) && !SweepSocketClient.listens(file)) {
            // A process that had the same pid was killed and left its socket behind.
            Files.deleteIfExists(file);
        }
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            return server.bind(UnixDomainSocketAddress.of(file));
        } catch (IOException e) {
            server.close();
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /** Accepts connections until the socket is closed, and serves each on a separate thread. */
    private void accept() {
        while (server != null && server.isOpen()) {
            try {
                SocketChannel connection = server.accept();
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                // Only this connection has failed. The next one may work.
            }
        }
    }

    /** Reads one request from a connection, answers it and closes the connection. */
    private void serve(SocketChannel channel) {
        try (channel;
                BufferedReader reader = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8))) {
            byte[] answer = json.writeValueAsBytes(answer(readLine(reader), peerName(channel)));
            ByteBuffer bytes = ByteBuffer.allocate(answer.length + 1)
                    .put(answer)
                    .put((byte) '\n')
                    .flip();
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            // The other process has not waited for the answer.
        }
    }

    /** Carries out a request; refuses a line that is not a request, for example one from a newer version. */
    private SweepAnswerLine answer(String line, String by) {
        try {
            // The JSON library returns null for a line that contains only null.
            SweepRequestLine request = json.readValue(line, SweepRequestLine.class);
            if (request != null) {
                return sweep.answer(request, by);
            }
        } catch (JacksonException e) {
            // The return statement below refuses every line that is not a request.
        }
        return new SweepAnswerLine(/* status= */ null, "this version of Keysweep does not know the request");
    }

    /** Reads one line. A line beyond the maximum length is cut, so that it is no valid JSON and is refused. */
    private static String readLine(BufferedReader reader) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = reader.read(); c >= 0 && c != '\n' && line.length() < MAX_LINE_LENGTH; c = reader.read()) {
            line.append((char) c);
        }
        return line.toString();
    }

    /** Returns the name of the user at the other end of a connection, as the operating system knows it. */
    private static String peerName(SocketChannel channel) throws IOException {
        return channel.supportedOptions().contains(ExtendedSocketOptions.SO_PEERCRED)
                ? channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName()
                // No other user can reach the socket, because of the mode of its folder.
                : System.getProperty("user.name", "the user");
    }

    /** Stops listening and removes the socket. Does not wait for a request that is being answered. */
    @Override
    public void close() {
        if (server == null || file == null) {
            return;
        }
        try {
            server.close();
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // The next 'keysweep sweeps' removes the socket.
        }
    }
}
