package io.keysweep.server.admission;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Opens many connections to a service, sends something on each, and then neither reads nor closes. */
final class HostileClients implements AutoCloseable {

    private final InetSocketAddress address;
    private final List<SocketChannel> open = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    HostileClients(String endpoint) {
        URI uri = URI.create(endpoint);
        this.address = new InetSocketAddress(uri.getHost(), uri.getPort());
    }

    /** Opens connections and sends the same bytes on each. The service may refuse some of the connections. */
    HostileClients connect(int connections, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < connections; i++) {
            try {
                SocketChannel channel = SocketChannel.open();
                open.add(channel);

                // Unread responses soon fill a small buffer, so that the service must wait for the client.
                channel.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
                channel.connect(address);
                channel.configureBlocking(false);
                channel.write(ByteBuffer.wrap(bytes));
            } catch (IOException e) {
                // The service is allowed to end connections of such clients.
            }
        }
        return this;
    }

    /** Sends a text on each connection again and again, every 500 ms. */
    HostileClients trickle(String text) {
        var ignored = timer.scheduleWithFixedDelay(
                () -> open.forEach(channel -> send(channel, text)), 0, 500, TimeUnit.MILLISECONDS);
        return this;
    }

    /** Returns whether the service has ended every connection. */
    boolean allEnded() {
        return open.stream().allMatch(HostileClients::hasEnded);
    }

    private static boolean hasEnded(SocketChannel channel) {
        try {
            return channel.read(ByteBuffer.allocate(4096)) < 0;
        } catch (IOException e) {
            return true;
        }
    }

    private static void send(SocketChannel channel, String text) {
        try {
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
        } catch (IOException e) {
            // The service is allowed to end connections of such clients.
        }
    }

    @Override
    public void close() throws IOException {
        timer.shutdownNow();
        for (SocketChannel channel : open) {
            channel.close();
        }
    }
}
