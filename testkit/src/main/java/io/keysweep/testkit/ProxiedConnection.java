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

/** One connection through a {@link FaultProxy}: two sockets, and for each direction a thread that reads and one that writes. */
final class ProxiedConnection {

    private static final int CHUNK_BYTES = 16_384;
    /** So many chunks may be under way in a direction before the sender is held up. */
    private static final int CHUNKS_UNDER_WAY = 64;
    /** A slow reader takes its bytes in so many pieces a second. */
    private static final int PIECES_A_SECOND = 50;

    /** Bytes that are to be delivered when {@link System#nanoTime} is {@code due}; none at the end of the stream. */
    private record Chunk(ByteArrayInputStream bytes, long due) {}

    private final Socket client;
    private final Socket server;
    private final Consumer<ProxiedConnection> whenClosed;

    /** @param whenClosed told once or more often, by any thread */
    ProxiedConnection(Socket client, Socket server, Consumer<ProxiedConnection> whenClosed) {
        this.client = client;
        this.server = server;
        this.whenClosed = whenClosed;
    }

    /** Passes bytes on until one end closes, or {@link #close} is called. */
    void start(NetworkFaults toServer, NetworkFaults toClient) {
        pass(client, server, toServer);
        pass(server, client, toClient);
    }

    void close() {
        FaultProxy.closeQuietly(client);
        FaultProxy.closeQuietly(server);
        whenClosed.accept(this);
    }

    private void pass(Socket from, Socket to, NetworkFaults faults) {
        BlockingQueue<Chunk> underWay = new LinkedBlockingQueue<>(CHUNKS_UNDER_WAY);
        Thread writer = start(() -> {
            write(underWay, to.getOutputStream());
            close();
        });
        start(() -> {
            try {
                read(from.getInputStream(), underWay, faults);
                // What was read before the end is still delivered.
                underWay.put(new Chunk(new ByteArrayInputStream(new byte[0]), 0));
            } catch (IOException e) {
                writer.interrupt();
                throw e;
            }
        });
    }

    /** Reads until the end of the stream. */
    private static void read(InputStream in, BlockingQueue<Chunk> underWay, NetworkFaults faults)
            throws IOException, InterruptedException {
        byte[] buffer = new byte[CHUNK_BYTES];
        while (true) {
            int rate = faults.bytesPerSecond();
            int length = in.read(buffer, 0, Math.clamp(rate / PIECES_A_SECOND, 1, CHUNK_BYTES));
            if (length < 0) {
                return;
            }
            if (!faults.swallowing()) {
                underWay.put(new Chunk(
                        new ByteArrayInputStream(Arrays.copyOf(buffer, length)),
                        System.nanoTime() + faults.delay().toNanos()));
            }
            if (rate < Integer.MAX_VALUE) {
                Thread.sleep(Duration.ofNanos(Duration.ofSeconds(length).toNanos() / rate));
            }
        }
    }

    private static void write(BlockingQueue<Chunk> underWay, OutputStream out)
            throws IOException, InterruptedException {
        for (Chunk chunk = underWay.take(); chunk.bytes.available() > 0; chunk = underWay.take()) {
            long early = chunk.due - System.nanoTime();
            if (early > 0) {
                Thread.sleep(Duration.ofNanos(early));
            }
            chunk.bytes.transferTo(out);
        }
    }

    /** Work that ends the whole connection when it fails. */
    private Thread start(Work work) {
        return Thread.ofVirtual().name("fault-proxy").start(() -> {
            try {
                work.run();
            } catch (IOException | InterruptedException e) {
                // An end has closed, or the proxy has cut the connection.
                close();
            }
        });
    }

    /** What a thread of this connection does. */
    private interface Work {
        void run() throws IOException, InterruptedException;
    }
}
