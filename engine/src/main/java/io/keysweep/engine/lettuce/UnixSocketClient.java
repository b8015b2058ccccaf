package io.keysweep.engine.lettuce;

import io.lettuce.core.ConnectionBuilder;
import io.lettuce.core.ConnectionEvents;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.resource.ClientResources;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.Map;
import reactor.core.publisher.Mono;

/**
 * Connects to Unix sockets in the way that Java itself has since 16. Lettuce would need a native library for each system
 * instead. To it a connection of this client is one over TCP; see {@link #uri}.
 */
final class UnixSocketClient extends RedisClient {

    /** Of no meaning, but Lettuce wants one. */
    private static final int SOME_PORT = 1;

    UnixSocketClient(ClientResources resources) {
        super(resources, new RedisURI());
    }

    /** What this client is told of a socket: its path in the place of a host. */
    static RedisURI uri(String path) {
        return RedisURI.create(path, SOME_PORT);
    }

    @Override
    protected void connectionBuilder(
            Mono<SocketAddress> tcpAddress, ConnectionBuilder builder, ConnectionEvents events, RedisURI uri) {
        super.connectionBuilder(tcpAddress, builder, events, uri);
        // A bootstrap does not let go of the kind of channel that it has once been given.
        Bootstrap tcp = builder.bootstrap();
        Map<ChannelOption<?>, Object> options = tcp.config().options();
        Bootstrap unix = new Bootstrap().group(tcp.config().group()).channel(NioDomainSocketChannel.class);
        if (options.get(ChannelOption.CONNECT_TIMEOUT_MILLIS) instanceof Integer millis) {
            unix.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis);
        }
        builder.bootstrap(unix);
        builder.socketAddressSupplier(Mono.just(UnixDomainSocketAddress.of(uri.getHost())));
    }
}
