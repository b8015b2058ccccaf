package io.keysweep.testkit;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A proxy for Redis on the loopback address answers the commands of clients, and may ask the servers behind it.
 *
 * <p>Each connection of a client has connections of its own to all servers, and a {@link Behaviour} that answers each
 * command. Safe to share between threads.
 */
public final class RespProxy implements AutoCloseable {

    private final List<Integer> targets;
    private final IntFunction<Behaviour> behaviours;
    private final ServerSocket listener;
    private final Set<Socket> clients = ConcurrentHashMap.newKeySet();

    /** Answers the commands of one connection, one after the other on one thread. */
    @FunctionalInterface
    public interface Behaviour {

        /**
         * Returns the reply to a command.
         *
         * @param command the command's name and its arguments
         * @param servers connections to the servers behind the proxy, in their order, for this connection only
         * @return the reply: a text, a Long, a list of replies, or null for a null reply; see {@link RespClient}
         * @throws RespException throw {@code new RespException(message)} to send an error reply; throw it with a cause
         *     to close the connection
         */
        @Nullable Object reply(List<String> command, List<RespClient> servers);
    }

    private RespProxy(List<Integer> targets, IntFunction<Behaviour> behaviours) throws IOException {
        this.targets = List.copyOf(targets);
        this.behaviours = behaviours;
        listener = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("resp-proxy").start(this::accept);
    }

    /**
     * Starts a proxy in front of servers, on a free port of the loopback address.
     *
     * @param servers the servers behind the proxy
     * @param behaviours creates the behaviour of each connection, on any thread; its argument is the connection's
     *     number, from 0
     */
    public static RespProxy inFrontOf(List<RedisServer> servers, IntFunction<Behaviour> behaviours) {
        try {
            return new RespProxy(servers.stream().map(RedisServer::port).toList(), behaviours);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a load balancer for TCP: its connections lead to the servers in turn. */
    public static RespProxy roundRobin(List<RedisServer> servers) {
        return inFrontOf(
                servers,
                number -> (command, connections) ->
                        connections.get(number % connections.size()).call(command.toArray(String[]::new)));
    }

    /** Returns {@code redis://127.0.0.1:port}. */
    public String uri() {
        return "redis://127.0.0.1:" + listener.getLocalPort();
    }

    /** Accepts no more connections and breaks the open ones. */
    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        clients.forEach(FaultProxy::closeQuietly);
    }

    private void accept() {
        int number = 0;
        while (acceptNext(number)) {
            number++;
        }
    }

    private boolean acceptNext(int number) {
        try {
            Socket client = listener.accept();
            clients.add(client);
            Thread.ofVirtual().name("resp-proxy-" + number).start(() -> serve(client, behaviours.apply(number)));
            return true;
        } catch (IOException e) {
            // The proxy is closed.
            return false;
        }
    }

    private void serve(Socket client, Behaviour behaviour) {
        List<RespClient> servers = new ArrayList<>();
        try (client) {
            client.setTcpNoDelay(true);
            targets.forEach(port -> servers.add(RespClient.connect(port)));
            RespReader in = new RespReader(client.getInputStream());
            OutputStream out = new BufferedOutputStream(client.getOutputStream(), 1 << 16);
            while (in.readReply() instanceof List<?> words) {
                List<String> command = words.stream().map(String::valueOf).toList();
                write(out, replyOrError(behaviour, command, servers));
                out.flush();
            }
        } catch (IOException | RespException e) {
            // One end has closed the connection, or the behaviour wants to close it.
        } finally {
            servers.forEach(RespClient::close);
            clients.remove(client);
        }
    }

    private static @Nullable Object replyOrError(Behaviour behaviour, List<String> command, List<RespClient> servers) {
        try {
            return behaviour.reply(command, servers);
        } catch (RespException e) {
            if (e.getCause() != null) {
                throw e;
            }
            return e;
        }
    }

    private static void write(OutputStream out, @Nullable Object reply) throws IOException {
        switch (reply) {
            case null -> writeAscii(out, "$-1\r\n");
            case RespException error -> writeAscii(out, "-" + error.getMessage() + "\r\n");
            case Long number -> writeAscii(out, ":" + number + "\r\n");
            case List<?> items -> {
                writeAscii(out, "*" + items.size() + "\r\n");
                for (Object item : items) {
                    write(out, item);
                }
            }
            default -> {
                byte[] bytes = reply.toString().getBytes(StandardCharsets.UTF_8);
                writeAscii(out, "$" + bytes.length + "\r\n");
                out.write(bytes);
                writeAscii(out, "\r\n");
            }
        }
    }

    private static void writeAscii(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }
}
