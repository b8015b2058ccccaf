package io.keysweep.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Answers commands in RESP2 with replies that a test chooses, and records the commands that it receives.
 *
 * <p>A fake peer stands for peers that lie or break the protocol, since no real server can be made to do that. Each
 * connection has a separate virtual thread, so the function that creates the replies must be thread-safe. Safe to share
 * between threads.
 */
public final class FakePeer implements AutoCloseable {

    /** The reply for a value that does not exist. */
    public static final String NIL = "$-1\r\n";

    /**
     * The lowest port of a peer. Neither the system nor {@link FreePorts} gives ports of this range to a server.
     * Otherwise a test that starts a server on the port of a peer would take the answers of the peer for answers of the
     * server.
     */
    private static final int FIRST_PORT = 10_000;

    /** The end of the range of ports, not included. */
    private static final int END_PORT = 12_000;

    /** The number of ports to try; few ports of the range are in use. */
    private static final int MAX_ATTEMPTS = 100;

    /** The number of connections that may wait until the peer accepts them. */
    private static final int BACKLOG = 50;

    private final ServerSocket listener;

    /** The bytes that each new connection receives before it is closed; null if the peer answers commands instead. */
    private final @Nullable String farewell;

    private final Function<List<String>, String> replies;
    private final List<List<String>> received = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();

    private FakePeer(ServerSocket listener, @Nullable String farewell, Function<List<String>, String> replies) {
        this.listener = listener;
        this.farewell = farewell;
        this.replies = replies;
    }

    /**
     * Starts a peer on a free port of 127.0.0.1.
     *
     * @param replies returns the bytes of the reply to a command, which is the name and the arguments; called on the
     *     thread of the connection
     */
    public static FakePeer start(Function<List<String>, String> replies) {
        return start("127.0.0.1", replies);
    }

    /** Starts a peer on a free port of an address of this machine, see {@link #start(Function)}. */
    public static FakePeer start(String address, Function<List<String>, String> replies) {
        return start(address, /* farewell= */ null, replies);
    }

    /**
     * Starts a peer with fixed replies; it refuses all other commands as unknown.
     *
     * @param replies the bytes of the replies, by the command's name with its first argument, for example
     *     {@code SCAN 0}, or by its name alone
     */
    public static FakePeer answering(Map<String, String> replies) {
        return start(command -> {
            String name = command.getFirst();
            String withArgument = String.join(" ", command.subList(0, Math.min(2, command.size())));
            String byName = replies.getOrDefault(name, error("ERR unknown command '" + name + "'"));
            return replies.getOrDefault(withArgument, byName);
        });
    }

    /** Starts a peer that sends a text to each new connection and closes it, without reading a command. */
    public static FakePeer hangingUp(String farewell) {
        return start("127.0.0.1", farewell, command -> "");
    }

    private static FakePeer start(String address, @Nullable String farewell, Function<List<String>, String> replies) {
        try {
            FakePeer peer = new FakePeer(listen(InetAddress.getByName(address)), farewell, replies);
            Thread.ofVirtual().start(peer::accept);
            return peer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ServerSocket listen(InetAddress address) throws IOException {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            try {
                return new ServerSocket(ThreadLocalRandom.current().nextInt(FIRST_PORT, END_PORT), BACKLOG, address);
            } catch (BindException e) {
                // The port is in use.
            }
        }
        throw new IOException("No free port at " + address.getHostAddress());
    }

    /**
     * Starts a peer that nothing may connect to; it refuses every command. A test checks with {@link #connections} that
     * nothing has connected.
     */
    public static FakePeer trap(String address) {
        return start(address, command -> error("ERR this is a trap"));
    }

    /** Returns the port. */
    public int port() {
        return listener.getLocalPort();
    }

    /** Returns the URI of the peer, for example {@code redis://127.0.0.1:10123}. */
    public String uri() {
        return "redis://" + listener.getInetAddress().getHostAddress() + ":" + port();
    }

    /** Returns the commands received so far, with their arguments. */
    public List<List<String>> received() {
        return List.copyOf(received);
    }

    /** Returns the number of connections that were accepted so far. */
    public int connections() {
        return connections.get();
    }

    /** Returns a bulk string reply. */
    public static String bulk(String text) {
        return "$" + text.getBytes(StandardCharsets.UTF_8).length + "\r\n" + text + "\r\n";
    }

    /** Returns an integer reply. */
    public static String integer(long number) {
        return ":" + number + "\r\n";
    }

    /** Returns an error reply. */
    public static String error(String line) {
        return "-" + line + "\r\n";
    }

    /** Returns an array reply of other replies. */
    public static String array(String... elements) {
        return "*" + elements.length + "\r\n" + String.join("", elements);
    }

    /** Returns an array reply of bulk strings. */
    public static String bulks(String... texts) {
        return "*" + texts.length + "\r\n"
                + Stream.of(texts).map(FakePeer::bulk).collect(Collectors.joining());
    }

    /** Accepts no more connections. An open connection ends when the client closes it, or after one more command. */
    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                // The listener was closed.
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            OutputStream out = client.getOutputStream();
            if (farewell != null) {
                out.write(farewell.getBytes(StandardCharsets.UTF_8));
                return;
            }
            RespReader in = new RespReader(client.getInputStream());
            while (!listener.isClosed()) {
                List<String> command = ((List<?>) Objects.requireNonNull(in.readReply()))
                        .stream().map(String::valueOf).toList();
                received.add(command);
                out.write(replies.apply(command).getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            // The client has closed the connection.
        }
    }
}
