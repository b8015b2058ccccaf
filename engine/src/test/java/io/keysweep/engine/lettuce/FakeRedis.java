package io.keysweep.engine.lettuce;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A server that answers commands with given bytes, for what no real server can be made to do. It serves any number of
 * connections, each on a virtual thread.
 */
final class FakeRedis implements AutoCloseable {

    private final ServerSocket socket;
    private final String greeting;
    private final Map<String, String> replies;
    private final boolean closes;

    private FakeRedis(String greeting, Map<String, String> replies, boolean closes) throws IOException {
        this.greeting = greeting;
        this.replies = replies;
        this.closes = closes;
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::acceptAll);
    }

    /** Starts a server that answers a command with the bytes of its name and first argument, or of its name. */
    static FakeRedis answering(Map<String, String> replies) throws IOException {
        return new FakeRedis("", replies, /* closes= */ false);
    }

    /** Starts a server that sends a greeting to each new connection, and closes it if so wanted. */
    static FakeRedis greeting(String greeting, boolean closes) throws IOException {
        return new FakeRedis(greeting, Map.of(), closes);
    }

    String uri() {
        return "redis://127.0.0.1:" + socket.getLocalPort();
    }

    private void acceptAll() {
        try {
            while (true) {
                Socket client = socket.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException e) {
            // The server is closed.
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.getOutputStream().write(greeting.getBytes(StandardCharsets.ISO_8859_1));
            DataInputStream in = new DataInputStream(client.getInputStream());
            while (!closes) {
                int words = number(in);
                List<String> command = new ArrayList<>();
                for (int i = 0; i < words; i++) {
                    command.add(new String(in.readNBytes(number(in)), StandardCharsets.UTF_8));
                    in.readNBytes(2);
                }
                String name = command.getFirst();
                String reply = replies.getOrDefault(
                        String.join(" ", command.subList(0, Math.min(2, words))),
                        replies.getOrDefault(name, "-ERR unknown command '" + name + "'\r\n"));
                client.getOutputStream().write(reply.getBytes(StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            // The client has closed the connection.
        }
    }

    /** Reads the number in a line such as {@code *3}. */
    private static int number(DataInputStream in) throws IOException {
        in.readByte();
        int number = 0;
        for (byte next = in.readByte(); next != '\n'; next = in.readByte()) {
            number = next == '\r' ? number : number * 10 + next - '0';
        }
        return number;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
