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
 * Opens one Lettuce connection on an event loop that the caller runs, see {@link CallerRunEventLoop}.
 *
 * <p>It also connects to Unix sockets, which Java supports since version 16. Lettuce's own support would require a
 * native library for each operating system. Lettuce therefore treats the connection as TCP, see {@link #unixUri}.
 */
final class CallerRunRedisClient extends RedisClient {

    /** Satisfies Lettuce, which requires a port although a Unix socket has none. */
    private static final int PLACEHOLDER_PORT = 1;

    private final CallerRunEventLoop loop;
    private final SocketAddress target;
    private final Greeting greeting;

    /**
     * Creates a client.
     *
     * @param target the address to connect to; the client resolves no name, so that it is the address that was checked
     * @param greeting records what the server sends before the first command
     */
    CallerRunRedisClient(
            ClientResources resources,
            ClientOptions options,
            CallerRunEventLoop loop,
            SocketAddress target,
            Greeting greeting) {
        super(resources, new RedisURI());
        this.loop = loop;
        this.target = target;
        this.greeting = greeting;
        setOptions(options);
    }

    /** Returns the URI of a Unix socket for Lettuce, with the path in place of the host. */
    static RedisURI unixUri(String path) {
        return RedisURI.create(path, PLACEHOLDER_PORT);
    }

    @Override
    protected void connectionBuilder(
            Mono<SocketAddress> tcpAddress, ConnectionBuilder builder, ConnectionEvents events, RedisURI uri) {
        builder.bootstrap(new Bootstrap()
                .option(ChannelOption.ALLOCATOR, ByteBufAllocator.DEFAULT)
                .attr(Greeting.KEY, greeting));
        builder.apply(uri);
        builder.configureBootstrap(false, type -> loop.eventLoop());
        builder.channelGroup(channels).connectionEvents(events);
        builder.socketAddressSupplier(Mono.just(target));
        if (target instanceof UnixDomainSocketAddress) {
            // The channel type of a bootstrap cannot be changed, so this replaces the bootstrap.
            Map<ChannelOption<?>, Object> options = builder.bootstrap().config().options();
            Bootstrap bootstrap = new Bootstrap()
                    .group(loop.eventLoop())
                    .channel(NioDomainSocketChannel.class)
                    .attr(Greeting.KEY, greeting);
            if (options.get(ChannelOption.CONNECT_TIMEOUT_MILLIS) instanceof Integer millis) {
                bootstrap.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis);
            }
            builder.bootstrap(bootstrap);
        }
    }
}
