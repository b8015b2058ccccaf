package io.keysweep.engine.lettuce;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ConnectionBuilder;
import io.lettuce.core.ConnectionEvents;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.resource.ClientResources;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.Map;
import reactor.core.publisher.Mono;

/**
 * Opens one connection, on a loop that the caller runs. It also connects to Unix sockets, in the way that Java itself has
 * since 16; Lettuce would need a native library for each system instead. To it such a connection is one over TCP; see
 * {@link #unixUri}.
 */
final class OneThreadClient extends RedisClient {

    /** Of no meaning, but Lettuce wants one. */
    private static final int SOME_PORT = 1;

    private final CallersLoop loop;
    private final boolean unix;

    OneThreadClient(ClientResources resources, ClientOptions options, CallersLoop loop, boolean unix) {
        super(resources, new RedisURI());
        this.loop = loop;
        this.unix = unix;
        setOptions(options);
    }

    /** What it is told of a Unix socket: its path in the place of a host. */
    static RedisURI unixUri(String path) {
        return RedisURI.create(path, SOME_PORT);
    }

    @Override
    protected void connectionBuilder(
            Mono<SocketAddress> tcpAddress, ConnectionBuilder builder, ConnectionEvents events, RedisURI uri) {
        builder.bootstrap(new Bootstrap().option(ChannelOption.ALLOCATOR, ByteBufAllocator.DEFAULT));
        builder.apply(uri);
        builder.configureBootstrap(false, type -> loop.eventLoop());
        builder.channelGroup(channels).connectionEvents(events);
        builder.socketAddressSupplier(tcpAddress);
        if (unix) {
            // A bootstrap does not let go of the kind of channel that it has once been given.
            Map<ChannelOption<?>, Object> options = builder.bootstrap().config().options();
            Bootstrap bootstrap = new Bootstrap().group(loop.eventLoop()).channel(NioDomainSocketChannel.class);
            if (options.get(ChannelOption.CONNECT_TIMEOUT_MILLIS) instanceof Integer millis) {
                bootstrap.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis);
            }
            builder.bootstrap(bootstrap);
            builder.socketAddressSupplier(Mono.just(UnixDomainSocketAddress.of(uri.getHost())));
        }
    }
}
