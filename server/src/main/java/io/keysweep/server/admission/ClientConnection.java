package io.keysweep.server.admission;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Tracks what a client's connection is used for and until when, so that {@link ConnectionGuard} can end it in time.
 *
 * <p>A connection goes through phases: head, body, serving, sending, idle. The thread that serves the connection
 * changes the phase, and the thread of the guard reads it.
 */
public final class ClientConnection {

    /** Time to read a response, or one event of a stream, before the connection is ended. */
    private static final Duration SEND_TIME = Duration.ofSeconds(60);

    /** Rate at which the body of a request must arrive, after the time that every body gets. */
    private static final long MIN_BODY_BYTES_PER_SECOND = 32 * 1024;

    private static final ThreadLocal<@Nullable ClientConnection> CURRENT = new ThreadLocal<>();

    /** Names what a connection is used for. */
    private enum Phase {
        /** The client sends the head of a request, or on a new connection its first byte or its handshake. */
        HEAD,
        /** The client sends the body of a request. */
        BODY,
        /** The service works on a request. */
        SERVING,
        /** The client receives a response. */
        SENDING,
        /** The connection waits for another request. */
        IDLE
    }

    /**
     * Describes a phase that began at {@code since} and must end by {@code until}, both {@link System#nanoTime} values.
     */
    private record Span(Phase phase, long since, long until) {}

    private final @Nullable SocketChannel channel;
    private final Duration requestTime;
    private final Duration idleTime;
    private volatile Span span;
    /** Whether the guard has ended the connection. */
    private volatile boolean ended;

    /** Whether a thread serves the connection now. If so, the phase HEAD does not mean that the client is slow. */
    private volatile boolean hasThread;

    ClientConnection(@Nullable SocketChannel channel, Duration requestTime, Duration idleTime) {
        this.channel = channel;
        this.requestTime = requestTime;
        this.idleTime = idleTime;
        this.span = span(Phase.HEAD, requestTime);
    }

    /**
     * Returns the connection whose request the current thread serves. On a thread that serves none, returns a new
     * object that stands for no connection.
     */
    public static ClientConnection current() {
        ClientConnection current = CURRENT.get();
        return current == null ? new ClientConnection(null, Duration.ofDays(1), Duration.ofDays(1)) : current;
    }

    /** Binds the connection to the current thread, which has received something. */
    void enter() {
        CURRENT.set(this);
        hasThread = true;
        if (span.phase() == Phase.IDLE) {
            span = span(Phase.HEAD, requestTime);
        }
    }

    /**
     * Unbinds the connection from the current thread, after {@link #enter}.
     *
     * @param idle whether the client has sent no part of another request
     */
    void leave(boolean idle) {
        CURRENT.remove();
        hasThread = false;
        if (idle) {
            span = span(Phase.IDLE, idleTime);
        }
    }

    /** Begins to wait for the rest of a body that nobody has read, and for the next request. */
    void awaitNextRequest() {
        span = span(Phase.BODY, requestTime);
    }

    /** Begins to work on a request, for which there is no time limit. */
    public void serve() {
        span = new Span(Phase.SERVING, System.nanoTime(), Long.MAX_VALUE);
    }

    /** Begins to receive the body of a request. */
    void beginBody() {
        span = span(Phase.BODY, requestTime);
    }

    /** Extends the time for the body. {@code arrivedBytes} is how much of the body has arrived so far. */
    void extendBodyTime(long arrivedBytes) {
        long extension = arrivedBytes * Duration.ofSeconds(1).toNanos() / MIN_BODY_BYTES_PER_SECOND;
        span = new Span(Phase.BODY, span.since(), span.since() + requestTime.toNanos() + extension);
    }

    /** Begins to send a response or an event. */
    public void send() {
        span = span(Phase.SENDING, SEND_TIME);
    }

    /** Returns whether the guard has ended the connection, so that an error of a read or a write is no surprise. */
    boolean hasEnded() {
        return ended;
    }

    /** Returns whether the time of the present phase is over. */
    boolean isOverdue(long now) {
        Span present = span;
        return present.phase() != Phase.SERVING && now - present.until() > 0;
    }

    /** Returns whether the client takes longer than {@code normal} to send the head or the body of a request. */
    boolean isSlowRequest(long now, Duration normal) {
        Span present = span;
        return waitsForClient(present.phase()) && now - present.since() > normal.toNanos();
    }

    /** Returns whether the service waits for the client to send a head or a body. */
    private boolean waitsForClient(Phase phase) {
        return phase == Phase.BODY || (phase == Phase.HEAD && !hasThread);
    }

    /** Returns whether the client takes longer than {@code normal} to receive a response. */
    boolean isSlowReader(long now, Duration normal) {
        Span present = span;
        return present.phase() == Phase.SENDING && now - present.since() > normal.toNanos();
    }

    /** Returns whether the connection waits for another request. */
    boolean isIdle() {
        return span.phase() == Phase.IDLE;
    }

    /** Returns whether the guard can end the connection without losing a response: the service waits for the client. */
    boolean isExpendable() {
        Phase phase = span.phase();
        return phase == Phase.IDLE || waitsForClient(phase);
    }

    /** Returns when the present phase began, in the time of {@link System#nanoTime}. */
    long since() {
        return span.since();
    }

    /** Returns whether the connection is closed. */
    boolean isClosed() {
        return channel != null && !channel.isOpen();
    }

    /**
     * Makes the connection end: its reads and writes fail from now on, which wakes the thread that waits for one.
     *
     * <p>The channel itself is closed by that thread, or by Tomcat's poller if no thread serves the connection. A
     * thread that closed it here would bypass Tomcat's own account of the connection.
     */
    void end() {
        shutDown(/* output= */ true);
    }

    /** Makes the connection end like {@link #end}. If a body is late, the service can still send a response (408). */
    void expire() {
        shutDown(span.phase() != Phase.BODY);
    }

    private void shutDown(boolean output) {
        ended = true;
        if (channel == null) {
            return;
        }
        try {
            channel.shutdownInput();
            if (output) {
                channel.shutdownOutput();
            }
        } catch (IOException e) {
            // The client has already closed the connection.
        }
    }

    private static Span span(Phase phase, Duration time) {
        long now = System.nanoTime();
        return new Span(phase, now, now + time.toNanos());
    }
}
