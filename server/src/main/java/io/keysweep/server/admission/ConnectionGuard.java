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
 * <p>Tomcat limits the time of each read, so a client that sends one byte a second keeps its connection forever. The
 * guard limits the time of a whole head, body and response. If all connections are in use, it ends the ones that matter
 * least, so that a client that works normally gets a connection at once. Thread-safe.
 */
final class ConnectionGuard implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionGuard.class);
    private static final long CHECK_MILLIS = 250;

    /**
     * A client that takes longer to send the head or the body of a request, or to receive a response, counts as slow.
     */
    private static final Duration NORMAL_TIME = Duration.ofSeconds(1);

    /**
     * A full service ends one in this many of its connections at once, so that it does not search again for each new
     * connection.
     */
    private static final int ENDING_DIVISOR = 16;

    private static final String BUSY_BODY =
            "{\"error_code\":\"DCS.4962\",\"error_msg\":\"The service is overloaded.\",\"error_ext_msg\":null}";

    /** The complete response to a refused connection, written without Tomcat, which has not read a request yet. */
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

    /** Whether the service was full since the last check that found enough free connections; logged once only. */
    private volatile boolean crowded;

    ConnectionGuard(int limit, Duration requestTime, Duration idleTime) {
        this.limit = limit;
        this.requestTime = requestTime;
        this.idleTime = idleTime;
        var ignored = checks.scheduleWithFixedDelay(this::check, CHECK_MILLIS, CHECK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * Registers a new connection. If there are too many, ends others that are slow or idle.
     *
     * @param tls whether the client expects a TLS handshake, so that no plain text can explain why it is refused
     * @return false if every other connection is in use, so that the caller must close the new one; a client without
     *     TLS has then received a 503
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

    /** Returns a connection that was admitted, or null if it is closed. */
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
     * Ends the oldest connections of the first of these kinds that there are any of:
     *
     * <ol>
     *   <li>slow clients that send a request,
     *   <li>idle connections,
     *   <li>other clients that send a request,
     *   <li>slow clients that receive a response.
     * </ol>
     *
     * @return false if there is no connection of any of these kinds
     */
    private boolean makeRoom() {
        if (!crowded) {
            crowded = true;
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

    /** Ends the oldest connections of a kind. Returns false if there is none. */
    private boolean endOldest(Predicate<ClientConnection> kind) {
        long now = System.nanoTime();
        List<Candidate> oldest = connections.entrySet().stream()
                .filter(entry -> kind.test(entry.getValue()))
                .map(entry -> new Candidate(
                        entry.getKey(), entry.getValue(), now - entry.getValue().since()))
                .sorted(Comparator.comparingLong(Candidate::age).reversed())
                .limit(Math.max(1, limit / ENDING_DIVISOR))
                .toList();
        oldest.forEach(candidate -> {
            connections.remove(candidate.channel());
            candidate.connection().end();
        });
        return !oldest.isEmpty();
    }

    /**
     * Describes a connection that may be ended, with the age of its phase in nanoseconds. The age is read only once,
     * because it could change during the sort.
     */
    private record Candidate(SocketChannel channel, ClientConnection connection, long age) {}

    /** Ends the connections whose time is over. Never throws, because an exception would end the checks. */
    private void check() {
        try {
            long now = System.nanoTime();
            connections.forEach((channel, connection) -> {
                if (connection.isClosed()) {
                    connections.remove(channel);
                } else if (connection.isOverdue(now)) {
                    connection.expire();
                }
            });
            if (connections.size() < limit - limit / ENDING_DIVISOR) {
                crowded = false;
            }
        } catch (RuntimeException e) {
            LOG.error("Connections could not be checked", e);
        }
    }

    private static void refuse(SocketChannel channel) {
        try {
            // The answer fits into the empty buffer of the socket, so this does not wait.
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
