package io.keysweep.server.admission;

import java.nio.channels.SocketChannel;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * Serves HTTP like Tomcat's own connector, and reports the events of each connection to a {@link ConnectionGuard}.
 *
 * <p>The guard decides whether a new connection is served, and ends connections that take too long.
 *
 * <p>A TLS handshake occupies no thread while the client is slow. It is treated as a part of the first request's head:
 * the guard ends a connection whose handshake and head together take too long.
 *
 * <p>The class is public because Tomcat creates it by name. Without {@link #guardBy} it serves all connections
 * unguarded.
 */
public final class GuardedProtocol extends Http11NioProtocol {

    /**
     * The number of bytes that the operating system buffers for a client that does not read. The default of the
     * operating system, some megabytes, would be too much memory with thousands of such clients. Such a large buffer
     * would also keep the guard from noticing that a client does not read.
     */
    private static final int SEND_BUFFER_BYTES = 128 * 1024;

    private final Endpoint endpoint;

    /** Creates the connector. Tomcat calls this. */
    public GuardedProtocol() {
        this(new Endpoint());
    }

    private GuardedProtocol(Endpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    /** Sets the guard. Must be called once, before the connector starts. */
    void guardBy(ConnectionGuard guard) {
        endpoint.guard = guard;
        endpoint.getSocketProperties().setTxBufSize(SEND_BUFFER_BYTES);
        endpoint.setHandler(new GuardedHandler(endpoint.getHandler(), guard));
    }

    /** Accepts connections if the guard admits them. */
    private static final class Endpoint extends NioEndpoint {

        private @Nullable ConnectionGuard guard;

        @Override
        protected boolean setSocketOptions(SocketChannel socket) {
            if (guard == null || guard.admit(socket, isSSLEnabled())) {
                return super.setSocketOptions(socket);
            }
            destroySocket(socket);
            // False would make Tomcat close the connection a second time.
            return true;
        }
    }

    /** Passes the events of connections to Tomcat's handler, and reports them to the guard. */
    private record GuardedHandler(Handler<NioChannel> next, ConnectionGuard guard) implements Handler<NioChannel> {

        @Override
        public SocketState process(SocketWrapperBase<NioChannel> socket, SocketEvent event) {
            ClientConnection connection = guard.find(channel(socket));
            if (connection == null) {
                // The guard has ended the connection to make room. Tomcat now notices that, and closes it.
                return next.process(socket, event);
            }
            connection.enter();
            boolean idle = false;
            try {
                SocketState state = next.process(socket, event);
                // Tomcat returns OPEN if it waits for another request and has read no part of it.
                idle = state == SocketState.OPEN;
                return state;
            } finally {
                connection.leave(idle);
            }
        }

        @Override
        public void release(SocketWrapperBase<NioChannel> socket) {
            guard.remove(channel(socket));
            next.release(socket);
        }

        @Override
        public Object getGlobal() {
            return next.getGlobal();
        }

        @Override
        public void pause() {
            next.pause();
        }

        @Override
        public void recycle() {
            next.recycle();
        }

        /** Returns the channel of a connection; null if Tomcat has already closed the connection. */
        private static @Nullable SocketChannel channel(SocketWrapperBase<NioChannel> socket) {
            NioChannel channel = socket.getSocket();
            return channel == null ? null : channel.getIOChannel();
        }
    }
}
