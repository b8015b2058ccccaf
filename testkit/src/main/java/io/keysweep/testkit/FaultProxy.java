package io.keysweep.testkit;

import static io.keysweep.testkit.Waits.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Simulates a bad network with a TCP proxy in front of a server on the loopback address; tests switch faults on and
 * off.
 *
 * <p>The faults of {@link #toServer} and {@link #toClient} affect open and new connections alike. Safe to share between
 * threads.
 */
public final class FaultProxy implements AutoCloseable {

    /** The port of the server on 127.0.0.1 to which new connections lead. */
    private volatile int target;

    private final int port;
    private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();
    private final NetworkFaults toServer = new NetworkFaults();
    private final NetworkFaults toClient = new NetworkFaults();

    /** Accepts connections; null while they are refused. */
    private @Nullable ServerSocket listener;

    /** The thread that accepts connections. It has ended while connections are refused. */
    private @Nullable Thread acceptor;

    private FaultProxy(int target) throws IOException {
        this.target = target;
        ServerSocket socket = listenOnFreePort();
        this.port = socket.getLocalPort();
        accept(socket);
    }

    /** Starts a proxy without faults on a free port, in front of the port {@code target}. */
    public static FaultProxy inFrontOf(int target) {
        try {
            return new FaultProxy(target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the proxy's port on 127.0.0.1. */
    public int port() {
        return port;
    }

    /** Returns {@code redis://127.0.0.1:port}. */
    public String uri() {
        return "redis://127.0.0.1:" + port;
    }

    /** Returns the faults of bytes that clients send. */
    public NetworkFaults toServer() {
        return toServer;
    }

    /** Returns the faults of bytes that the server sends. */
    public NetworkFaults toClient() {
        return toClient;
    }

    /** Returns the number of open connections. */
    public int connections() {
        return connections.size();
    }

    /** Leads new connections to another port. Tests use it to simulate an address that moves to another server. */
    public void leadTo(int newTarget) {
        target = newTarget;
    }

    /** Breaks all open connections; bytes in transit are lost. New connections are still accepted. */
    public void cut() {
        connections.forEach(ProxiedConnection::close);
    }

    /**
     * Refuses new connections until {@link #admit}, like a port on which nothing listens. Open connections are not
     * closed.
     */
    public void refuse() {
        stopListening();
        // A process that a test starts at this moment has a copy of the socket for a few milliseconds, until it closes
        // what it inherits. The system accepts connections as long as a copy is open.
        await("the port of the proxy refuses connections").until(() -> !isAcceptedBySystem());
    }

    private synchronized void stopListening() {
        closeQuietly(listener);
        listener = null;
        // The system may accept connections until the thread has left its call on the socket, so this waits for the
        // end of the thread.
        try {
            if (acceptor != null) {
                acceptor.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns whether the system accepts a new connection to the port. */
    private boolean isAcceptedBySystem() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Accepts new connections again, on the same port. */
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

    /** Refuses new connections and breaks all open ones. */
    @Override
    public void close() {
        stopListening();
        cut();
    }

    /**
     * Returns a socket that listens on a free port. The port is below the range that the system gives to outgoing
     * connections, so that none of them can take the port while the proxy refuses connections.
     */
    private static ServerSocket listenOnFreePort() throws IOException {
        while (true) {
            try {
                return listen(FreePorts.any());
            } catch (BindException e) {
                // Another process has taken the port since FreePorts found it free.
            }
        }
    }

    private static ServerSocket listen(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return socket;
    }

    private void accept(ServerSocket socket) {
        listener = socket;
        acceptor = Thread.ofVirtual().name("fault-proxy-" + port).start(() -> {
            while (true) {
                try {
                    open(socket.accept());
                } catch (IOException e) {
                    // refuse() has closed the socket.
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
            // The server does not run, so the client loses its connection too.
            closeQuietly(server);
            closeQuietly(client);
            return;
        }
        ProxiedConnection connection = new ProxiedConnection(client, server, connections::remove);
        connections.add(connection);
        connection.startForwarding(toServer, toClient);
    }

    static void closeQuietly(@Nullable AutoCloseable closeable) {
        try {
            if (closeable != null) {
                closeable.close();
            }
        } catch (Exception e) {
            // The connection is no longer used, so a failure to close it does not matter.
        }
    }
}
