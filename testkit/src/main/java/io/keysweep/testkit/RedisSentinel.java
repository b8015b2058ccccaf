package io.keysweep.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real primary with replicas, watched by three sentinels with a quorum of two, on the loopback address. Not safe to
 * share between threads.
 */
public final class RedisSentinel implements AutoCloseable {

    /** The name under which the sentinels know the primary. */
    public static final String NAME = "main";

    private static final int SENTINELS = 3;
    private static final int QUORUM = 2;
    /** A node that is silent for so long, ms, is taken for down. */
    private static final int DOWN_AFTER_MS = 1_500;

    private static final int FAILOVER_TIMEOUT_MS = 5_000;

    private final List<RedisServer> servers = new ArrayList<>();
    private final List<RedisServer> sentinels = new ArrayList<>();

    private final Wiring wiring;
    private final @Nullable String password;

    private RedisSentinel(Wiring wiring, @Nullable String password) {
        this.wiring = wiring;
        this.password = password;
    }

    /**
     * Starts all and waits until each sentinel knows the others and all replicas.
     *
     * @param replicas at least 1
     * @param sentinelPassword what the sentinels ask for, from 6.2 on, or null for nothing
     * @throws IllegalStateException if the version is not installed, or the whole is not ready within a minute
     */
    public static RedisSentinel start(RedisVersion version, int replicas, @Nullable String sentinelPassword) {
        return start(version, Wiring.PLAIN, replicas, sentinelPassword);
    }

    /**
     * The same with servers and sentinels that are wired in another way.
     *
     * @param options for every server, as on its command line
     */
    public static RedisSentinel start(
            RedisVersion version, Wiring wiring, int replicas, @Nullable String sentinelPassword, String... options) {
        RedisSentinel deployment = new RedisSentinel(wiring, sentinelPassword);
        boolean ready = false;
        try {
            deployment.launch(version, replicas, List.of(options));
            ready = true;
            return deployment;
        } finally {
            if (!ready) {
                deployment.close();
            }
        }
    }

    /** Primary and replicas, dead ones included: first the one that began as primary. */
    public List<RedisServer> servers() {
        return List.copyOf(servers);
    }

    /** The sentinels, dead ones included. */
    public List<RedisServer> sentinels() {
        return List.copyOf(sentinels);
    }

    /** What the sentinels ask for; null for nothing. */
    public @Nullable String password() {
        return password;
    }

    /** The living server that is a primary by its own word. */
    public RedisServer primary() {
        return living().filter(server -> "master".equals(info(server, "role")))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("No primary lives"));
    }

    /** Has the sentinels promote a replica, and waits until all of them name it and all other servers follow it. */
    public void failover() {
        RedisServer old = primary();
        RedisServer sentinel = sentinels.getFirst();
        // Refused as long as it knows of no fitting replica.
        Await.until("a sentinel begins a failover", () -> {
            call(sentinel, "SENTINEL", "FAILOVER", NAME);
            return true;
        });
        awaitPrimaryOtherThan(old);
    }

    /** Waits until all sentinels name the same living primary, another than {@code old}, and all other servers follow it. */
    public void awaitPrimaryOtherThan(RedisServer old) {
        Await.until("the sentinels agree on another primary than " + old.port(), () -> {
            int port = primaryPort(sentinels.getFirst());
            return port != wiring.port(old)
                    && sentinels.stream().allMatch(sentinel -> primaryPort(sentinel) == port)
                    && living().allMatch(server -> wiring.port(server) == port
                            ? "master".equals(info(server, "role"))
                            : Integer.toString(port).equals(info(server, "master_port"))
                                    && "up".equals(info(server, "master_link_status")));
        });
    }

    @Override
    public void close() {
        Stream.concat(sentinels.stream(), servers.stream()).forEach(RedisServer::close);
    }

    private void launch(RedisVersion version, int replicas, List<String> more) {
        // Without it a replica waits for others before it is given the data.
        List<String> options = new ArrayList<>(List.of("--repl-diskless-sync-delay", "0"));
        options.addAll(more);
        RedisServer primary = RedisServer.startWired(version, wiring, options);
        servers.add(primary);
        String port = Integer.toString(wiring.port(primary));
        List<String> following = new ArrayList<>(options);
        // Two words: 6.0 takes one with a space for one argument.
        following.addAll(List.of("--replicaof", wiring.host(), port));
        for (int i = 0; i < replicas; i++) {
            servers.add(RedisServer.startWired(version, wiring, following));
        }
        List<String> settings = new ArrayList<>(List.of(
                "sentinel monitor " + NAME + " " + wiring.host() + " " + port + " " + QUORUM,
                "sentinel down-after-milliseconds " + NAME + " " + DOWN_AFTER_MS,
                "sentinel failover-timeout " + NAME + " " + FAILOVER_TIMEOUT_MS));
        if (password != null) {
            settings.add("requirepass " + password);
        }
        for (int i = 0; i < SENTINELS; i++) {
            sentinels.add(RedisServer.startSentinel(version, wiring, settings));
        }
        Await.until(
                "all sentinels know each other and all replicas",
                () -> sentinels.stream().allMatch(sentinel -> knows(sentinel, SENTINELS - 1, replicas)));
    }

    private boolean knows(RedisServer sentinel, int others, int replicas) {
        List<?> fields = items(call(sentinel, "SENTINEL", "MASTER", NAME));
        return Integer.toString(others).equals(field(fields, "num-other-sentinels"))
                && Integer.toString(replicas).equals(field(fields, "num-slaves"))
                && "master".equals(field(fields, "flags"));
    }

    /** The port that a sentinel says the primary has. */
    private int primaryPort(RedisServer sentinel) {
        List<?> address = items(call(sentinel, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME));
        return Integer.parseInt((String) address.get(1));
    }

    private @Nullable Object call(RedisServer sentinel, String... command) {
        try (RespClient client = sentinel.client()) {
            if (password != null) {
                client.call("AUTH", password);
            }
            return client.call(command);
        }
    }

    private Stream<RedisServer> living() {
        return servers.stream().filter(RedisServer::alive);
    }

    private static @Nullable String info(RedisServer server, String field) {
        try (RespClient client = server.client()) {
            return client.info(field);
        }
    }

    private static @Nullable Object field(List<?> namesAndValues, String name) {
        int at = namesAndValues.indexOf(name);
        return at < 0 ? null : namesAndValues.get(at + 1);
    }

    private static List<?> items(@Nullable Object reply) {
        return (List<?>) Objects.requireNonNull(reply);
    }
}
