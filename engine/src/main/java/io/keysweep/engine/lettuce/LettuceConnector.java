package io.keysweep.engine.lettuce;

import io.keysweep.engine.egress.EgressDeniedException;
import io.keysweep.engine.egress.EgressGate;
import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.link.ServerErrors;
import io.keysweep.engine.reclaim.MethodSelector;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.Credentials;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.engine.topology.Tls;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.SslVerifyMode;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Opens links to nodes with the Lettuce client library. Thread-safe.
 *
 * <p>The connection runs on the thread that opens the link, see {@link CallerRunEventLoop}. Lettuce's own handshake is
 * disabled, so that Lettuce sends no HELLO, PING, CLIENT or maintenance commands. Old servers do not know some of these
 * commands, and a user may lack the permission for them. The connector sends AUTH as an ordinary command.
 */
final class LettuceConnector implements NodeConnector {

    /**
     * The size of Lettuce's thread pool, the smallest that Lettuce accepts. Keysweep never starts one of its threads.
     */
    private static final int POOL_THREADS = 2;

    /** The longest wait for each of these: the TCP connection, the TLS handshake, and the first reply. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    /**
     * The longest wait for a reply. A command can take seconds if the server frees huge values on its main thread, or
     * runs another client's slow command first.
     */
    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(10);

    /** The longest wait for Lettuce's shutdown when the connector is closed, in seconds. */
    private static final long SHUTDOWN_SECONDS = 2;

    /** Begins to open a connection of one kind. */
    @FunctionalInterface
    private interface ConnectionStart {

        CompletionStage<? extends StatefulRedisConnection<byte[], byte[]>> start(
                RedisClient client, RedisCodec<byte[], byte[]> codec, RedisURI uri);
    }

    private final Duration connectTimeout;
    private final Duration commandTimeout;
    private final EgressGate gate;
    private final ClientResources resources;

    /** Creates a connector that may connect to all addresses that {@link EgressGate#OPEN} allows. */
    LettuceConnector(Duration connectTimeout, Duration commandTimeout) {
        this(connectTimeout, commandTimeout, EgressGate.OPEN);
    }

    /**
     * Creates a connector.
     *
     * @param connectTimeout the longest wait for each of these: the TCP connection, the TLS handshake, and the first
     *     reply
     * @param commandTimeout the longest wait for any other reply
     * @param gate resolves host names, and decides which addresses Keysweep may connect to
     */
    LettuceConnector(Duration connectTimeout, Duration commandTimeout, EgressGate gate) {
        this.connectTimeout = connectTimeout;
        this.commandTimeout = commandTimeout;
        this.gate = gate;
        resources = DefaultClientResources.builder()
                .computationThreadPoolSize(POOL_THREADS)
                .timer(new DisabledTimer())
                .commandLatencyRecorder(CommandLatencyRecorder.disabled())
                .nettyCustomizer(new NettyCustomizer() {
                    @Override
                    public void afterChannelInitialized(Channel channel) {
                        TlsHandshakeGate.install(channel);
                        ReplyFilter.install(channel);
                    }
                })
                .build();
    }

    /**
     * Creates a connector with the default timeouts: 3 s each for TCP, for TLS and for the first reply, 10 s for any
     * other reply.
     */
    static LettuceConnector create(EgressGate gate) {
        return new LettuceConnector(CONNECT_TIMEOUT, COMMAND_TIMEOUT, gate);
    }

    @Override
    public NodeLink open(NodeAddress address, Access access) {
        return open(address, access, RedisClient::connectAsync);
    }

    @Override
    public NodeLink openForMessages(NodeAddress address, Access access, Consumer<String> messages) {
        return open(
                address,
                access,
                (client, codec, uri) -> client.connectPubSubAsync(codec, uri).thenApply(connection -> {
                    connection.addListener(new MessageListener(messages));
                    return connection;
                }));
    }

    /** Connects to a node, with the kind of connection that {@code connectionStart} opens; see the public methods. */
    private NodeLink open(NodeAddress address, Access access, ConnectionStart connectionStart) {
        Tls tls = access.tls();
        ConnectionFailures connectionFailures = new ConnectionFailures(address, tls);
        SocketAddress target = resolveTarget(address, connectionFailures);
        ServerErrors errors = new ServerErrors(address.toString(), access.credentials());
        CallerRunEventLoop loop = new CallerRunEventLoop();
        Greeting greeting = new Greeting();
        ConnectionRefusal connectionRefusal = new ConnectionRefusal(greeting, errors);
        boolean succeeded = false;
        try {
            NodeLink link = new LettuceLink(
                    connect(
                            connectionStart,
                            address,
                            target,
                            tls,
                            loop,
                            greeting,
                            connectionRefusal,
                            connectionFailures),
                    loop,
                    connectionRefusal,
                    connectionFailures,
                    connectTimeout,
                    commandTimeout);
            authenticate(link, access.credentials(), errors);
            succeeded = true;
            return link;
        } finally {
            // If no link is returned, nothing else closes the socket and the selector of the loop.
            if (!succeeded) {
                loop.close();
            }
        }
    }

    /**
     * Returns the socket address of a node. A host name is resolved only here, so that Keysweep connects to the very
     * address that the egress policy has allowed.
     *
     * @throws NodeRefusedException if the egress policy forbids the address, the host name is unknown, or the path of a
     *     Unix socket is unusable
     */
    private SocketAddress resolveTarget(NodeAddress address, ConnectionFailures connectionFailures) {
        String egressObstacle = gate.policy().obstacleTo(address);
        if (egressObstacle != null) {
            throw connectionFailures.denied(egressObstacle);
        }
        if (address.isUnixSocket()) {
            String obstacle = UnixSocketCheck.obstacle(address.host());
            if (obstacle != null) {
                throw connectionFailures.refusal(Reason.UNREACHABLE, obstacle);
            }
            return UnixDomainSocketAddress.of(address.host());
        }
        try {
            return gate.resolve(address.host(), address.port());
        } catch (EgressDeniedException e) {
            throw connectionFailures.denied(String.valueOf(e.getMessage()));
        } catch (UnknownHostException e) {
            throw connectionFailures.notConnected(e);
        }
    }

    /**
     * Opens the connection, and blocks until TCP and TLS are established.
     *
     * @throws NodeRefusedException if this fails or takes too long, or if a certificate or key is unusable
     */
    private StatefulRedisConnection<byte[], byte[]> connect(
            ConnectionStart connectionStart,
            NodeAddress address,
            SocketAddress target,
            @Nullable Tls tls,
            CallerRunEventLoop loop,
            Greeting greeting,
            ConnectionRefusal connectionRefusal,
            ConnectionFailures connectionFailures) {
        try {
            ClientOptions options = options(tls == null ? null : LettuceTls.options(tls, connectTimeout));
            RedisClient client = new CallerRunRedisClient(resources, options, loop, target, greeting);
            CompletableFuture<? extends StatefulRedisConnection<byte[], byte[]>> connectionFuture = connectionStart
                    .start(client, ByteArrayCodec.INSTANCE, uri(address, tls != null))
                    .toCompletableFuture();
            // TCP and TLS have a timeout of connectTimeout each. This longer limit guards against a hang: the two
            // timeouts normally come first.
            Duration limit = connectTimeout.multipliedBy(3);
            if (!loop.runUntilDone(connectionFuture, System.nanoTime() + limit.toNanos())) {
                throw connectionFailures.noReply(limit);
            }
            return connectionFuture.join();
        } catch (IllegalArgumentException e) {
            throw connectionFailures.unusable(e);
        } catch (CompletionException | RedisException e) {
            // A server that refuses clients says why before it closes the connection.
            NodeRefusedException refusal = connectionRefusal.refusal();
            throw refusal == null ? connectionFailures.notConnected(e) : refusal;
        }
    }

    /**
     * Returns options that disable everything that Lettuce does without being asked, such as reconnecting.
     *
     * @param tls the TLS settings; null for a connection without TLS
     */
    private ClientOptions options(@Nullable SslOptions tls) {
        ClientOptions.Builder options = ClientOptions.builder()
                .autoReconnect(false)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .pingBeforeActivateConnection(false)
                .protocolVersion(ProtocolVersion.RESP2)
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(connectTimeout)
                        .keepAlive(true)
                        .tcpNoDelay(true)
                        .build());
        if (tls != null) {
            options.sslOptions(tls);
        }
        return options.build();
    }

    /** Returns the URI for Lettuce. It contains no credentials, since {@link #authenticate} sends AUTH. */
    private RedisURI uri(NodeAddress address, boolean tls) {
        RedisURI uri = address.isUnixSocket()
                ? CallerRunRedisClient.unixUri(address.host())
                : RedisURI.create(address.host(), address.port());
        uri.setSsl(tls);
        uri.setVerifyPeer(SslVerifyMode.FULL);
        uri.setTimeout(connectTimeout);
        // Empty texts keep Lettuce from sending CLIENT SETINFO.
        uri.setLibraryName("");
        uri.setLibraryVersion("");
        return uri;
    }

    /**
     * Sends AUTH and waits for the reply; does nothing if no password is configured.
     *
     * @throws NodeRefusedException if the server refuses the credentials or does not answer; the message never contains
     *     the password
     */
    private static void authenticate(NodeLink link, Credentials credentials, ServerErrors errors) {
        String user = credentials.username();
        String password = credentials.password();
        if (password == null) {
            return;
        }
        Command auth = user == null ? Command.of("AUTH", password) : Command.of("AUTH", user, password);
        Reply reply;
        try {
            reply = link.call(List.of(auth)).replies().getFirst();
        } catch (NodeRefusedException e) {
            // The message may quote the peer, and a peer that is not a Redis server may repeat the AUTH command.
            throw new NodeRefusedException(
                    e.nodeId(), e.reason(), errors.withoutPassword(String.valueOf(e.getMessage())));
        }
        if (reply instanceof Reply.Failure failure) {
            throw errors.of(auth.name(), failure, MethodSelector.neededCommands());
        }
    }

    @Override
    public void close() {
        resources
                .shutdown(/* quietPeriod= */ 0, SHUTDOWN_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
    }
}
