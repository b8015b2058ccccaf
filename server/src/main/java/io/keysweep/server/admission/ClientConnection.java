package io.keysweep.server.admission;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Tracks the phase of a client's connection and its time limit, so that {@link ConnectionGuard} can end it in time.
 *
 * <p>A connection goes through phases: head, body, serving, sending, idle. Each phase except serving has a time limit.
 * The thread that serves the connection changes the phase. Threads of the guard read the phase, and can end the
 * connection.
 */
public final class ClientConnection {

    /** The time in which the client must receive a response, or one event of a stream. */
    private static final Duration SEND_TIME = Duration.ofSeconds(60);

    /** The rate at which a body must arrive once its request time is used up; see {@link #extendBodyTime}. */
    private static final long MIN_BODY_BYTES_PER_SECOND = 32 * 1024;

    /**
     * The time limits of an object that stands for no connection. They have no effect, because no guard checks that
     * object.
     */
    private static final Duration NEVER = Duration.ofDays(1);

    /** The connection that the thread serves. */
    private static final ThreadLocal<@Nullable ClientConnection> CURRENT = new ThreadLocal<>();

    /** Lists the phases of a connection. */
    private enum Phase {
        /** The client sends the head of a request; on a new connection also the TLS handshake before it. */
        HEAD,
        /** The client sends the body of a request, or the rest of a body that the service does not need. */
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
     * It is immutable, so that the guard never reads the phase of one span with the times of another.
     */
    private record Span(Phase phase, long since, long until) {}

    private final @Nullable SocketChannel channel;
    private final Duration requestTime;
    private final Duration idleTime;
    private volatile Span span;

    /** Whether the guard has ended the connection. */
    private volatile boolean hasEnded;

    /**
     * Whether a thread serves the connection now. If so, the phase HEAD does not mean that the client is slow: the head
     * has arrived, and the service has not set the next phase yet.
     */
    private volatile boolean hasThread;

    /**
     * Creates a connection that was just accepted, in the phase HEAD.
     *
     * @param channel the channel of the connection; null for an object that stands for no connection
     * @param requestTime how long the client may take to send a head, and again to send a body; {@link #extendBodyTime}
     *     extends the time of a body
     * @param idleTime how long the connection may wait for another request
     */
    ClientConnection(@Nullable SocketChannel channel, Duration requestTime, Duration idleTime) {
        this.channel = channel;
        this.requestTime = requestTime;
        this.idleTime = idleTime;
        this.span = span(Phase.HEAD, requestTime);
    }

    /**
     * Returns the connection whose request the current thread serves. A thread that serves no request gets a new object
     * that stands for no connection. No guard reads that object, so its methods have no effect.
     */
    public static ClientConnection current() {
        ClientConnection current = CURRENT.get();
        return current == null ? new ClientConnection(/* channel= */ null, NEVER, NEVER) : current;
    }

    /** Binds the connection to the current thread, which has received something. Ends the phase IDLE. */
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
     * @param idle whether the connection now waits for another request, and no part of that request has arrived; if
     *     false, the phase is not changed
     */
    void leave(boolean idle) {
        CURRENT.remove();
        hasThread = false;
        if (idle) {
            span = span(Phase.IDLE, idleTime);
        }
    }

    /**
     * Ends the request. Tomcat possibly has to read the rest of a body that the service has not read. So the time limit
     * of bodies applies until {@link #leave}, or until the service works on the next request.
     */
    void awaitNextRequest() {
        span = span(Phase.BODY, requestTime);
    }

    /** Begins the phase in which the service works on a request. This phase has no time limit. */
    public void serve() {
        span = new Span(Phase.SERVING, System.nanoTime(), Long.MAX_VALUE);
    }

    /** Begins the phase in which the body of a request arrives, with the request time as its limit. */
    void beginBody() {
        span = span(Phase.BODY, requestTime);
    }

    /**
     * Extends the time limit of the body by a second for each 32 KiB that have arrived. With a request time of 10 s, a
     * body of which 64 KiB have arrived may take 12 s.
     *
     * @param arrivedBytes how much of the body has arrived until now, in total
     */
    void extendBodyTime(long arrivedBytes) {
        long extension = arrivedBytes * Duration.ofSeconds(1).toNanos() / MIN_BODY_BYTES_PER_SECOND;
        span = new Span(Phase.BODY, span.since(), span.since() + requestTime.toNanos() + extension);
    }

    /** Begins the phase in which the client receives a response or an event, with a limit of 60 s. */
    public void send() {
        span = span(Phase.SENDING, SEND_TIME);
    }

    /** Returns whether the guard has ended the connection, which explains an error of a read or a write. */
    boolean hasEnded() {
        return hasEnded;
    }

    /**
     * Returns whether the time limit of the current phase has passed.
     *
     * @param now the current {@link System#nanoTime}
     */
    boolean isOverdue(long now) {
        Span currentSpan = span;
        // SERVING has no limit, and the difference to Long.MAX_VALUE could overflow.
        return currentSpan.phase() != Phase.SERVING && now - currentSpan.until() > 0;
    }

    /**
     * Returns whether the client takes longer than {@code normal} to send the head or the body of a request.
     *
     * @param now the current {@link System#nanoTime}
     */
    boolean isSlowRequest(long now, Duration normal) {
        Span currentSpan = span;
        return waitsForClient(currentSpan.phase()) && now - currentSpan.since() > normal.toNanos();
    }

    /** Returns whether the service waits for the client to send a head or a body. */
    private boolean waitsForClient(Phase phase) {
        return phase == Phase.BODY || (phase == Phase.HEAD && !hasThread);
    }

    /**
     * Returns whether the client takes longer than {@code normal} to receive a response.
     *
     * @param now the current {@link System#nanoTime}
     */
    boolean isSlowReader(long now, Duration normal) {
        Span currentSpan = span;
        return currentSpan.phase() == Phase.SENDING && now - currentSpan.since() > normal.toNanos();
    }

    /** Returns whether the connection waits for another request. */
    boolean isIdle() {
        return span.phase() == Phase.IDLE;
    }

    /**
     * Returns whether the guard can end the connection without losing a response, because the service waits for the
     * client to send something.
     */
    boolean isExpendable() {
        Phase phase = span.phase();
        return phase == Phase.IDLE || waitsForClient(phase);
    }

    /** Returns when the current phase began, in the time of {@link System#nanoTime}. */
    long since() {
        return span.since();
    }

    /** Returns whether the channel of the connection is closed. */
    boolean isClosed() {
        return channel != null && !channel.isOpen();
    }

    /**
     * Makes the connection end: its reads and writes fail from now on. A thread that waits for a read or a write wakes.
     *
     * <p>The thread that serves the connection then closes the channel; if none serves it, Tomcat's poller does. The
     * guard must not close the channel itself, because that would bypass Tomcat's bookkeeping of its connections.
     */
    void end() {
        shutDown(/* output= */ true);
    }

    /**
     * Makes the connection end, because the time limit of its phase has passed. In the phase BODY only reads fail, so
     * that the service can still send a response (408). In every other phase, reads and writes fail as with {@link
     * #end}.
     */
    void expire() {
        shutDown(/* output= */ span.phase() != Phase.BODY);
    }

    /**
     * Marks the connection as ended. Makes further reads fail, and with {@code output} also writes. The channel itself
     * stays open.
     */
    private void shutDown(boolean output) {
        hasEnded = true;
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

    /** Returns a span of a phase that begins now. */
    private static Span span(Phase phase, Duration limit) {
        long now = System.nanoTime();
        return new Span(phase, now, now + limit.toNanos());
    }
}
