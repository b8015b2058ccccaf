package io.keysweep.server.admission;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Tracks what a connection is used for and until when, so that {@link ConnectionGuard} can end it in time.
 *
 * <p>The thread that serves the connection changes the phase, and the thread of the guard reads it.
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

    /** Holds a phase with its begin and its end, in the time of {@link System#nanoTime}. */
    private record Span(Phase phase, long since, long until) {}

    private final @Nullable SocketChannel channel;
    private final Duration requestTime;
    private final Duration idleTime;
    private volatile Span span;
    private volatile boolean ended;

    /** Whether a thread serves the connection now, so that it does not wait for the client to send a head. */
    private volatile boolean active;

    ClientConnection(@Nullable SocketChannel channel, Duration requestTime, Duration idleTime) {
        this.channel = channel;
        this.requestTime = requestTime;
        this.idleTime = idleTime;
        this.span = span(Phase.HEAD, requestTime);
    }

    /**
     * Returns the connection whose request the current thread serves. On a thread that serves none, returns a new object
     * that stands for no connection.
     */
    public static ClientConnection current() {
        ClientConnection current = CURRENT.get();
        return current == null ? new ClientConnection(null, Duration.ofDays(1), Duration.ofDays(1)) : current;
    }

    /** Binds the connection to the current thread, which has received something. */
    void enter() {
        CURRENT.set(this);
        active = true;
        if (span.phase() == Phase.IDLE) {
            span = span(Phase.HEAD, requestTime);
        }
    }

    /** Ends {@link #enter}. The connection is idle if the client has sent no part of another request. */
    void leave(boolean idle) {
        CURRENT.remove();
        active = false;
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
    void receive() {
        span = span(Phase.BODY, requestTime);
    }

    /** Extends the time for the body after a part of it has arrived. */
    void received(long bytes) {
        long extension = bytes * Duration.ofSeconds(1).toNanos() / MIN_BODY_BYTES_PER_SECOND;
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

    /** Returns whether the client takes longer to send a request than a client that works normally. */
    boolean isSlowRequest(long now, Duration normal) {
        Span present = span;
        return receives(present.phase()) && now - present.since() > normal.toNanos();
    }

    /** Returns whether the service waits for the client to send a head or a body. */
    private boolean receives(Phase phase) {
        return phase == Phase.BODY || (phase == Phase.HEAD && !active);
    }

    /** Returns whether the client takes longer to receive a response than a client that works normally. */
    boolean isSlowReader(long now, Duration normal) {
        Span present = span;
        return present.phase() == Phase.SENDING && now - present.since() > normal.toNanos();
    }

    /** Returns whether the connection waits for another request. */
    boolean isIdle() {
        return span.phase() == Phase.IDLE;
    }

    /** Returns whether the service neither works on a request of the connection nor sends a response. */
    boolean isExpendable() {
        Phase phase = span.phase();
        return phase == Phase.IDLE || receives(phase);
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
     * <p>The channel itself is closed by that thread, or by Tomcat's poller if no thread serves the connection. A thread
     * that closed it here would bypass Tomcat's own account of the connection.
     */
    void end() {
        shutDown(/* output= */ true);
    }

    /** Makes the connection end like {@link #end}, but if a body is late, a response can still be sent. */
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
