package io.keysweep.server.admission;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps slow and idle clients from using up the connections of the service.
 *
 * <p>Tomcat limits only the time of each single read, so a client that sends one byte per second would keep its
 * connection forever. The guard limits the time of a whole head, body and response. If all connections are in use, the
 * guard ends the connections that matter least. So a client that works normally gets a connection immediately.
 *
 * <p>{@link GuardedProtocol} reports to the guard when a connection begins and ends. {@link ClientConnection} keeps the
 * phase of each connection and its time limit. A thread of the guard checks the limits four times a second until {@link
 * #close}. Thread-safe.
 */
final class ConnectionGuard implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionGuard.class);
    private static final long CHECK_MILLIS = 250;

    /**
     * The longest time that a normal client takes to send the head or the body of a request, or to receive a response.
     * A client that takes longer is treated as slow.
     */
    private static final Duration NORMAL_TIME = Duration.ofSeconds(1);

    /**
     * If the service is full, the guard ends several connections together: the limit divided by this number, that is, a
     * sixteenth. It then need not search all connections again for each new connection.
     */
    private static final int ENDING_DIVISOR = 16;

    /** The body of an error response, as the service writes it for the error code OVERLOADED. */
    private static final String BUSY_BODY =
            "{\"error_code\":\"DCS.4962\",\"error_msg\":\"The service is overloaded.\",\"error_ext_msg\":null}";

    /**
     * The complete response to a refused connection. The guard writes it itself, because Tomcat has not read a request
     * yet. The space after 503 is required by HTTP, although no reason phrase follows.
     */
    private static final byte[] BUSY_RESPONSE =
            ("HTTP/1.1 503 \r\nContent-Type: application/json\r\nConnection: close\r\n"
                            + "Retry-After: 5\r\nContent-Length: " + BUSY_BODY.length() + "\r\n\r\n" + BUSY_BODY)
                    .getBytes(StandardCharsets.US_ASCII);

    private final int limit;
    private final Duration requestTime;
    private final Duration idleTime;
    private final Map<SocketChannel, ClientConnection> connections = new ConcurrentHashMap<>();
    private final ScheduledExecutorService checks = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("keysweep-connections").factory());

    /**
     * Whether the guard has logged that the service is full. It is reset when a sixteenth of the connections is free
     * again, so that a service that stays full logs the warning once.
     */
    private volatile boolean fullLogged;

    /**
     * Creates a guard, and starts its thread.
     *
     * @param limit the number of open connections at which the service is full
     * @param requestTime how long a client may take to send a head, and again to send a body; a body gets 1 s more for
     *     each 32 KiB that have arrived
     * @param idleTime how long a connection may wait for another request
     */
    ConnectionGuard(int limit, Duration requestTime, Duration idleTime) {
        this.limit = limit;
        this.requestTime = requestTime;
        this.idleTime = idleTime;
        // check() catches its own exceptions, so the future never reports one.
        var ignored = checks.scheduleWithFixedDelay(this::check, CHECK_MILLIS, CHECK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * Registers a new connection. If the service is full, first ends other connections to make room.
     *
     * @param tls whether the client expects a TLS handshake, so that no plain text can explain why it is refused
     * @return false if no other connection could be ended, so that the caller must close the new one; a client without
     *     TLS was then sent a 503
     */
    boolean admit(SocketChannel channel, boolean tls) {
        if (connections.size() >= limit && !makeRoom()) {
            if (!tls) {
                refuse(channel);
            }
            return false;
        }
        connections.put(channel, new ClientConnection(channel, requestTime, idleTime));
        return true;
    }

    /**
     * Returns the connection of a channel. Returns null if the channel is null, or if the guard does not have the
     * connection: it was not admitted, has closed, or was ended to make room.
     */
    @Nullable ClientConnection find(@Nullable SocketChannel channel) {
        return channel == null ? null : connections.get(channel);
    }

    /** Forgets a connection that closes. */
    void remove(@Nullable SocketChannel channel) {
        if (channel != null) {
            connections.remove(channel);
        }
    }

    /**
     * Ends the oldest connections of one kind. The kind is the first in this list that has connections:
     *
     * <ol>
     *   <li>connections of slow clients that send a request,
     *   <li>idle connections,
     *   <li>connections of other clients that send a request,
     *   <li>connections of slow clients that receive a response.
     * </ol>
     *
     * <p>Logs a warning if the service was not full before.
     *
     * @return false if there is no connection of any of these kinds
     */
    private boolean makeRoom() {
        if (!fullLogged) {
            fullLogged = true;
            LOG.warn("{} connections are open. Slow and idle ones are ended to make room for others.", limit);
        }
        long now = System.nanoTime();
        List<Predicate<ClientConnection>> kinds = List.of(
                connection -> connection.isSlowRequest(now, NORMAL_TIME),
                ClientConnection::isIdle,
                ClientConnection::isExpendable,
                connection -> connection.isSlowReader(now, NORMAL_TIME));
        return kinds.stream().anyMatch(this::endOldest);
    }

    /**
     * Ends the connections of a kind whose current phase began first: at most the limit divided by {@value
     * #ENDING_DIVISOR}. Returns false if there is no connection of the kind.
     */
    private boolean endOldest(Predicate<ClientConnection> kind) {
        long now = System.nanoTime();
        List<Candidate> oldestConnections = connections.entrySet().stream()
                .filter(entry -> kind.test(entry.getValue()))
                .map(entry -> new Candidate(
                        entry.getKey(), entry.getValue(), now - entry.getValue().since()))
                .sorted(Comparator.comparingLong(Candidate::age).reversed())
                .limit(Math.max(1, limit / ENDING_DIVISOR))
                .toList();
        oldestConnections.forEach(candidate -> {
            // The connection is removed now, so that it makes room before Tomcat has closed it.
            connections.remove(candidate.channel());
            candidate.connection().end();
        });
        return !oldestConnections.isEmpty();
    }

    /**
     * Describes a connection that may be ended.
     *
     * @param age age of the current phase in nanoseconds, read only once because it could change during the sort
     */
    private record Candidate(SocketChannel channel, ClientConnection connection, long age) {}

    /**
     * Ends the connections whose phase has taken longer than its time limit. Never throws, because an exception would
     * end the checks.
     */
    private void check() {
        try {
            long now = System.nanoTime();
            connections.forEach((channel, connection) -> {
                if (connection.isClosed()) {
                    // Tomcat can close a connection that it has just accepted without releasing it.
                    connections.remove(channel);
                } else if (connection.isOverdue(now)) {
                    connection.expire();
                }
            });
            if (connections.size() < limit - limit / ENDING_DIVISOR) {
                fullLogged = false;
            }
        } catch (RuntimeException e) {
            LOG.error("Cannot check the time limits of connections; the next check tries again", e);
        }
    }

    /** Sends the response of a refused connection, which the caller then closes. */
    private static void refuse(SocketChannel channel) {
        try {
            // The response fits into the empty buffer of the socket, so the write does not wait.
            channel.write(ByteBuffer.wrap(BUSY_RESPONSE));
            channel.shutdownOutput();
        } catch (IOException e) {
            // The client has already closed the connection.
        }
    }

    @Override
    public void close() {
        checks.shutdownNow();
    }
}
