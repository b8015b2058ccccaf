package io.keysweep.testkit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/**
 * Forwards one connection through a {@link FaultProxy}, with the faults of each direction.
 *
 * <p>A connection has two sockets and, for each direction, one virtual thread that reads and one that writes. So the
 * proxy reads more bytes while earlier ones are still delayed.
 */
final class ProxiedConnection {

    /** The largest number of bytes that are read, delayed and written together. */
    private static final int CHUNK_BYTES = 16_384;

    /**
     * The most chunks in transit in one direction. When it is reached, the reader waits, and so does the sender.
     */
    private static final int MAX_CHUNKS_IN_TRANSIT = 64;

    /** The number of reads per second under a limited rate, so that the bytes flow evenly. */
    private static final int READS_PER_SECOND = 50;

    /** Contains bytes that are due when {@link System#nanoTime} is {@code dueNanos}; an empty chunk ends the stream. */
    private record Chunk(ByteArrayInputStream bytes, long dueNanos) {}

    private final Socket client;
    private final Socket server;
    private final Consumer<ProxiedConnection> whenClosed;

    /**
     * Creates a connection that forwards nothing before {@link #startForwarding}.
     *
     * @param whenClosed receives this connection when it closes, possibly several times, on any thread
     */
    ProxiedConnection(Socket client, Socket server, Consumer<ProxiedConnection> whenClosed) {
        this.client = client;
        this.server = server;
        this.whenClosed = whenClosed;
    }

    /** Forwards bytes until one end or {@link #close} closes the connection. */
    void startForwarding(NetworkFaults toServer, NetworkFaults toClient) {
        forward(client, server, toServer);
        forward(server, client, toClient);
    }

    /** Closes both sockets. Bytes in transit are lost. */
    void close() {
        FaultProxy.closeQuietly(client);
        FaultProxy.closeQuietly(server);
        whenClosed.accept(this);
    }

    /** Starts the two threads of one direction. */
    private void forward(Socket from, Socket to, NetworkFaults faults) {
        BlockingQueue<Chunk> inTransit = new LinkedBlockingQueue<>(MAX_CHUNKS_IN_TRANSIT);
        Thread writer = startThread(() -> {
            write(inTransit, to.getOutputStream());
            close();
        });
        startThread(() -> {
            try {
                read(from.getInputStream(), inTransit, faults);
                // The writer delivers what was read before the end.
                inTransit.put(new Chunk(new ByteArrayInputStream(new byte[0]), /* dueNanos= */ 0));
            } catch (IOException e) {
                // A broken connection loses what is in transit, as in a real network.
                writer.interrupt();
                throw e;
            }
        });
    }

    /** Reads until the end of the stream, with the faults of the direction. */
    private static void read(InputStream in, BlockingQueue<Chunk> inTransit, NetworkFaults faults)
            throws IOException, InterruptedException {
        byte[] buffer = new byte[CHUNK_BYTES];
        while (true) {
            int rate = faults.bytesPerSecond();
            int length = in.read(buffer, 0, Math.clamp(rate / READS_PER_SECOND, 1, CHUNK_BYTES));
            if (length < 0) {
                return;
            }
            if (!faults.dropsBytes()) {
                inTransit.put(new Chunk(
                        new ByteArrayInputStream(Arrays.copyOf(buffer, length)),
                        System.nanoTime() + faults.delay().toNanos()));
            }
            if (rate < Integer.MAX_VALUE) {
                Thread.sleep(Duration.ofNanos(Duration.ofSeconds(length).toNanos() / rate));
            }
        }
    }

    /** Writes each chunk when it is due, until the empty chunk at the end of the stream. */
    private static void write(BlockingQueue<Chunk> inTransit, OutputStream out)
            throws IOException, InterruptedException {
        for (Chunk chunk = inTransit.take(); chunk.bytes.available() > 0; chunk = inTransit.take()) {
            long remainingNanos = chunk.dueNanos - System.nanoTime();
            if (remainingNanos > 0) {
                Thread.sleep(Duration.ofNanos(remainingNanos));
            }
            chunk.bytes.transferTo(out);
        }
    }

    /** Runs work on a virtual thread; the connection closes if the work fails. */
    private Thread startThread(Work work) {
        return Thread.ofVirtual().name("fault-proxy").start(() -> {
            try {
                work.run();
            } catch (IOException | InterruptedException e) {
                // One end has closed the connection, or the proxy has cut it.
                close();
            }
        });
    }

    /** Reads or writes on a thread of the connection. */
    private interface Work {
        void run() throws IOException, InterruptedException;
    }
}
