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
 * <p>{@link LettuceConnector} creates a client for each connection. For Unix sockets, the client uses the support of
 * Java (since version 16), because Lettuce's own support would require a native library for each operating system.
 * Lettuce therefore gets a TCP URI with the path instead of a host ({@link #unixUri}), and {@link #connectionBuilder}
 * replaces its channel by a Unix socket.
 */
final class CallerRunRedisClient extends RedisClient {

    /** A port that is never used. Lettuce requires one, although a Unix socket has none. */
    private static final int PLACEHOLDER_PORT = 1;

    private final CallerRunEventLoop loop;
    private final SocketAddress target;
    private final Greeting greeting;

    /**
     * Creates a client.
     *
     * @param resources shared by all clients of a connector
     * @param loop the event loop that carries the connection
     * @param target the address to connect to, already resolved; the client resolves no name itself, because the answer
     *     could differ from the address that the egress policy has allowed
     * @param greeting records the text that the server sends before the first command
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

    /** Returns the URI of a Unix socket for Lettuce, with the path instead of a host. */
    static RedisURI unixUri(String path) {
        return RedisURI.create(path, PLACEHOLDER_PORT);
    }

    /**
     * Prepares the connection instead of Lettuce's own method. The parameter {@code tcpAddress}, which would resolve
     * the host name again, is ignored.
     */
    @Override
    protected void connectionBuilder(
            Mono<SocketAddress> tcpAddress, ConnectionBuilder builder, ConnectionEvents events, RedisURI uri) {
        builder.bootstrap(new Bootstrap()
                .option(ChannelOption.ALLOCATOR, ByteBufAllocator.DEFAULT)
                .attr(Greeting.KEY, greeting));
        builder.apply(uri);
        // Lettuce's own support for Unix sockets is not used.
        builder.configureBootstrap(/* domainSocket= */ false, type -> loop.eventLoop());
        builder.channelGroup(channels).connectionEvents(events);
        builder.socketAddressSupplier(Mono.just(target));
        if (target instanceof UnixDomainSocketAddress) {
            // The channel type of a bootstrap cannot be changed, so a Unix socket gets a new bootstrap. Only the
            // timeout is copied, because the other options apply to TCP only.
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
