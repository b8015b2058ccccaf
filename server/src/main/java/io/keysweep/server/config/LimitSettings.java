package io.keysweep.server.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Limits the connections, requests and event streams of clients, so that slow or many clients do not shut out other
 * clients.
 *
 * <p>Each process of the service applies the limits separately.
 *
 * @param connections maximum number of open connections; null for a number that fits the heap
 * @param requestTime how long a client may take to send the head of a request, and then its body; a body gets one
 *     second more for each 32 KiB that have arrived
 * @param idleTime how long a connection without a request stays open
 * @param ratePerKey requests per second of one access key
 * @param ratePerAddress requests per second without valid credentials from one address
 * @param requestsPerKey maximum number of requests of one access key that are processed at the same time
 * @param streams maximum number of open event streams; null for a quarter of the connections
 * @param streamsPerKey maximum number of open event streams of one access key
 */
public record LimitSettings(
        @Nullable Integer connections,
        Duration requestTime,
        Duration idleTime,
        int ratePerKey,
        int ratePerAddress,
        int requestsPerKey,
        @Nullable Integer streams,
        int streamsPerKey) {

    /** Contains the default values. */
    public static final LimitSettings DEFAULT = new LimitSettings(
            /* connections= */ null,
            /* requestTime= */ Duration.ofSeconds(10),
            /* idleTime= */ Duration.ofSeconds(60),
            /* ratePerKey= */ 500,
            /* ratePerAddress= */ 1000,
            /* requestsPerKey= */ 256,
            /* streams= */ null,
            /* streamsPerKey= */ 100);

    /** Connections may use the heap divided by this number, that is, a quarter. */
    private static final int HEAP_PARTS = 4;

    /** The most heap that one connection uses while its client sends a small request. */
    private static final int BYTES_PER_CONNECTION = 128 * 1024;

    /** The number of connections that even a small heap must allow, where the operator sets none. */
    private static final int MIN_CONNECTIONS = 64;

    /**
     * The maximum number of connections where the operator sets none. Before Java 24, a virtual thread that waits for a
     * slow client occupies one of at most 256 threads of the system.
     */
    private static final int MAX_CONNECTIONS = Runtime.version().feature() < 24 ? 200 : 8192;

    /** The default number of event streams is the number of connections divided by this number, that is, a quarter. */
    private static final int CONNECTIONS_PER_STREAM = 4;

    /**
     * Returns the maximum number of open connections that the operator has set, or else a number that fits the heap.
     * With a heap of 1 GiB, that is 2048, but no more than 200 before Java 24.
     *
     * @param heapBytes maximum size of the heap
     */
    public int connections(long heapBytes) {
        return connections == null
                ? Math.clamp(heapBytes / HEAP_PARTS / BYTES_PER_CONNECTION, MIN_CONNECTIONS, MAX_CONNECTIONS)
                : connections;
    }

    /**
     * Returns the maximum number of open event streams that the operator has set, or else a quarter of the connections,
     * at least 1.
     *
     * @param heapBytes maximum size of the heap
     */
    public int streams(long heapBytes) {
        return streams == null ? Math.max(1, connections(heapBytes) / CONNECTIONS_PER_STREAM) : streams;
    }
}
