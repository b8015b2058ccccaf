package io.keysweep.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A bad network in front of a server on the loopback address: a TCP proxy whose faults are switched on and off while it
 * runs. Faults other than cuts and refusals hold for connections that are open as well as for new ones. Safe to share
 * between threads; its own are virtual.
 */
public final class FaultProxy implements AutoCloseable {

    private final int target;
    private final int port;
    private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();
    private final NetworkFaults toServer = new NetworkFaults();
    private final NetworkFaults toClient = new NetworkFaults();
    private @Nullable ServerSocket listener;

    private FaultProxy(int target) throws IOException {
        this.target = target;
        ServerSocket socket = listen(0);
        this.port = socket.getLocalPort();
        accept(socket);
    }

    /** A proxy without faults on a free port, in front of a server's port. */
    public static FaultProxy before(int target) {
        try {
            return new FaultProxy(target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its port on 127.0.0.1. */
    public int port() {
        return port;
    }

    /** {@code redis://127.0.0.1:port}. */
    public String uri() {
        return "redis://127.0.0.1:" + port;
    }

    /** Faults of the bytes that clients send. */
    public NetworkFaults toServer() {
        return toServer;
    }

    /** Faults of the bytes that the server sends. */
    public NetworkFaults toClient() {
        return toClient;
    }

    /** Connections that are open now. */
    public int connections() {
        return connections.size();
    }

    /** Breaks all connections that are open now; new ones are taken. Bytes under way are lost. */
    public void cut() {
        connections.forEach(ProxiedConnection::close);
    }

    /** From now on refuses new connections, as a host does where nothing listens; open ones stay. */
    public synchronized void refuse() {
        ServerSocket socket = listener;
        listener = null;
        closeQuietly(socket);
    }

    /** Takes new connections again, on the same port. */
    public synchronized void admit() {
        if (listener != null) {
            return;
        }
        try {
            accept(listen(port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        refuse();
        cut();
    }

    private static ServerSocket listen(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return socket;
    }

    private void accept(ServerSocket socket) {
        listener = socket;
        Thread.ofVirtual().name("fault-proxy-" + port).start(() -> {
            while (true) {
                try {
                    open(socket.accept());
                } catch (IOException e) {
                    // Closed: it is to refuse from now on.
                    return;
                }
            }
        });
    }

    private void open(Socket client) {
        Socket server = new Socket();
        try {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
        } catch (IOException e) {
            // The server is gone, so the client loses its connection too.
            closeQuietly(server);
            closeQuietly(client);
            return;
        }
        ProxiedConnection connection = new ProxiedConnection(client, server, connections::remove);
        connections.add(connection);
        connection.start(toServer, toClient);
    }

    static void closeQuietly(@Nullable AutoCloseable closeable) {
        try {
            if (closeable != null) {
                closeable.close();
            }
        } catch (Exception e) {
            // Nothing is left to be saved on it.
        }
    }
}
