package io.keysweep.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs a real primary with replicas and three sentinels for tests, on the loopback address.
 *
 * <p>Two sentinels must agree that the primary is down before they promote a replica. Not safe to share between
 * threads.
 */
public final class RedisSentinel implements AutoCloseable {

    /** The name by which the sentinels know the primary. */
    public static final String NAME = "main";

    private static final int SENTINELS = 3;

    /** The number of sentinels that must agree that the primary is down. */
    private static final int QUORUM = 2;

    /**
     * The silence after which a sentinel regards a node as down, ms. It is longer than the pauses of a busy machine,
     * which would otherwise cause failovers that no test expects.
     */
    private static final int DOWN_AFTER_MS = 5_000;

    /** The time after which sentinels give up a failover and may try again, ms. */
    private static final int FAILOVER_TIMEOUT_MS = 10_000;

    private final List<RedisServer> servers = new ArrayList<>();
    private final List<RedisServer> sentinels = new ArrayList<>();

    private final Wiring wiring;
    private final @Nullable String password;

    private RedisSentinel(Wiring wiring, @Nullable String password) {
        this.wiring = wiring;
        this.password = password;
    }

    /**
     * Starts all servers and waits until each sentinel knows the other sentinels and all replicas.
     *
     * @param replicas the number of replicas, at least 1
     * @param sentinelPassword the password of the sentinels (6.2 and later), or null for none
     * @throws IllegalStateException if the version is not installed
     * @throws org.awaitility.core.ConditionTimeoutException if the deployment is not ready within three minutes
     */
    public static RedisSentinel start(RedisVersion version, int replicas, @Nullable String sentinelPassword) {
        return start(version, Wiring.PLAIN, replicas, sentinelPassword);
    }

    /**
     * Starts a deployment; see {@link #start(RedisVersion, int, String)}.
     *
     * @param wiring how servers and sentinels connect to each other, for example with TLS
     * @param options more options of each server's command line, but not of the sentinels
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

    /** Returns primary and replicas, including killed ones; the first is the server that started as primary. */
    public List<RedisServer> servers() {
        return List.copyOf(servers);
    }

    /** Returns the sentinels, including killed ones. */
    public List<RedisServer> sentinels() {
        return List.copyOf(sentinels);
    }

    /** Returns the password of the sentinels, or null for none. */
    public @Nullable String password() {
        return password;
    }

    /** Returns the living server that reports itself as primary. */
    public RedisServer primary() {
        return living().filter(server -> "master".equals(infoField(server, "role")))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("No living server is a primary"));
    }

    /**
     * Makes the sentinels promote a replica although the primary runs, and waits until they name it, see {@link
     * #awaitPrimaryOtherThan}.
     */
    public void failover() {
        RedisServer formerPrimary = primary();
        RedisServer sentinel = sentinels.getFirst();
        // A sentinel refuses with an error while it knows no suitable replica.
        Waits.await("a sentinel begins a failover").until(() -> {
            call(sentinel, "SENTINEL", "FAILOVER", NAME);
            return true;
        });
        awaitPrimaryOtherThan(formerPrimary);
    }

    /**
     * Waits until all sentinels name the same primary, which is not {@code formerPrimary}, and all other living servers
     * replicate from it. All sentinels must be running.
     *
     * @throws org.awaitility.core.ConditionTimeoutException if that takes more than three minutes
     */
    public void awaitPrimaryOtherThan(RedisServer formerPrimary) {
        Waits.await("the sentinels agree on a primary other than " + formerPrimary.port())
                .until(() -> {
                    int port = primaryPort(sentinels.getFirst());
                    return port != wiring.port(formerPrimary)
                            && sentinels.stream().allMatch(sentinel -> primaryPort(sentinel) == port)
                            && living().allMatch(server -> wiring.port(server) == port
                                    ? "master".equals(infoField(server, "role"))
                                    : Integer.toString(port).equals(infoField(server, "master_port"))
                                            && "up".equals(infoField(server, "master_link_status")));
                });
    }

    @Override
    public void close() {
        Stream.concat(sentinels.stream(), servers.stream()).forEach(RedisServer::close);
    }

    private void launch(RedisVersion version, int replicas, List<String> moreOptions) {
        // By default a primary waits 5 s before it sends its data to a replica, so that other replicas can join.
        List<String> options = new ArrayList<>(List.of("--repl-diskless-sync-delay", "0"));
        options.addAll(moreOptions);
        RedisServer primary = RedisServer.startWithWiring(version, wiring, options);
        servers.add(primary);
        String port = Integer.toString(wiring.port(primary));
        List<String> replicaOptions = new ArrayList<>(options);
        // Host and port must be two arguments, as Redis 6.0 does not split "host port" in one argument.
        replicaOptions.addAll(List.of("--replicaof", wiring.host(), port));
        for (int i = 0; i < replicas; i++) {
            servers.add(RedisServer.startWithWiring(version, wiring, replicaOptions));
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
        Waits.await("all sentinels know each other and all replicas")
                .until(() -> sentinels.stream().allMatch(sentinel -> knows(sentinel, SENTINELS - 1, replicas)));
    }

    /** Returns whether a sentinel knows this number of other sentinels and of replicas, and a healthy primary. */
    private boolean knows(RedisServer sentinel, int others, int replicas) {
        List<?> fields = items(call(sentinel, "SENTINEL", "MASTER", NAME));
        return Integer.toString(others).equals(field(fields, "num-other-sentinels"))
                && Integer.toString(replicas).equals(field(fields, "num-slaves"))
                && "master".equals(field(fields, "flags"));
    }

    /** Asks a sentinel for the port of the primary. */
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

    private static @Nullable String infoField(RedisServer server, String field) {
        try (RespClient client = server.client()) {
            return client.info(field);
        }
    }

    /** Returns the value that follows a name in a list of names and values; null if the list lacks the name. */
    private static @Nullable Object field(List<?> namesAndValues, String name) {
        int at = namesAndValues.indexOf(name);
        return at < 0 ? null : namesAndValues.get(at + 1);
    }

    private static List<?> items(@Nullable Object reply) {
        return (List<?>) Objects.requireNonNull(reply);
    }
}
