package io.keysweep.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real cluster of one version on the loopback address. Its operations return once all living nodes agree on the
 * outcome. Not safe to share between threads.
 */
public final class RedisCluster implements AutoCloseable {

    /** How long a server tries a failover that was asked for. */
    private static final long FAILOVER_TIMEOUT_NANOS = Duration.ofSeconds(6).toNanos();

    /** A node that is silent for so long, ms, is taken for failed; short, and yet above what a busy machine does. */
    private static final String NODE_TIMEOUT_MS = "3000";

    private static final int KEYS_A_MIGRATE = 100;
    private static final String MIGRATE_TIMEOUT_MS = "5000";

    private final RedisVersion version;
    private final Wiring wiring;
    private final List<String> options;
    private final List<RedisServer> nodes = new ArrayList<>();
    private final List<RedisServer> removed = new ArrayList<>();

    private RedisCluster(RedisVersion version, Wiring wiring, List<String> options) {
        this.version = version;
        this.wiring = wiring;
        this.options = options;
    }

    /**
     * Starts a cluster and waits until it is healthy. The slots are shared out evenly, in the order of
     * {@link #nodes}; replica {@code i} follows primary {@code i % primaries}.
     *
     * @param primaries at least 1; from 3 on a cluster elects a replica when a primary is gone
     * @param replicas of the whole cluster
     * @param options for every node, as on its command line
     * @throws IllegalStateException if the version is not installed, or the cluster does not form within a minute
     */
    public static RedisCluster start(RedisVersion version, int primaries, int replicas, String... options) {
        return start(version, Wiring.PLAIN, primaries, replicas, options);
    }

    /** The same with nodes that are wired in another way. */
    public static RedisCluster start(
            RedisVersion version, Wiring wiring, int primaries, int replicas, String... options) {
        List<String> all = new ArrayList<>(List.of(
                "--cluster-enabled",
                "yes",
                "--cluster-node-timeout",
                NODE_TIMEOUT_MS,
                "--repl-diskless-sync",
                "yes",
                "--repl-diskless-sync-delay",
                "0",
                "--repl-ping-replica-period",
                "1"));
        if (wiring.certificates() != null) {
            all.addAll(List.of("--tls-cluster", "yes"));
        }
        all.addAll(List.of(options));
        RedisCluster cluster = new RedisCluster(version, wiring, all);
        boolean formed = false;
        try {
            cluster.form(primaries, replicas);
            formed = true;
            return cluster;
        } finally {
            if (!formed) {
                cluster.close();
            }
        }
    }

    /**
     * All nodes, dead ones included, removed ones not: first those that began as primaries, then as replicas, then the
     * added ones.
     */
    public List<RedisServer> nodes() {
        return List.copyOf(nodes);
    }

    /** Living nodes that are primaries by their own word, those without slots included. */
    public List<RedisServer> primaries() {
        return living().filter(node -> self(node).primaryId() == null).toList();
    }

    /** Living nodes that are replicas by their own word. */
    public List<RedisServer> replicas() {
        return living().filter(node -> self(node).primaryId() != null).toList();
    }

    /** Living replicas of a primary. */
    public List<RedisServer> replicasOf(RedisServer primary) {
        String id = id(primary);
        return living().filter(node -> id.equals(self(node).primaryId())).toList();
    }

    /** The living primary that a slot is assigned to, by its own word. */
    public RedisServer ownerOf(int slot) {
        return living().filter(node -> self(node).owns(slot))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("Nobody owns slot " + slot));
    }

    /** The name that a node has in the cluster, 40 hex characters. */
    public String id(RedisServer node) {
        return self(node).id();
    }

    /** Has a replica take over from its living primary, without loss. */
    public void failover(RedisServer replica) {
        // Before 6.2 a replica takes the offset 0 for not told yet, and its primary, whose clients are held back as
        // long as
        // it tries, writes nothing to change that.
        Await.until("replica " + replica.port() + " has an offset", () -> {
            try (RespClient client = replica.client()) {
                return Long.parseLong(client.info("slave_repl_offset")) > 0;
            }
        });
        long[] asked = {System.nanoTime() - FAILOVER_TIMEOUT_NANOS};
        Await.until("replica " + replica.port() + " is promoted", () -> {
            if (self(replica).primaryId() == null) {
                return true;
            }
            // Asked again once the server has given up, as an election may be lost; asking sooner begins it anew.
            if (System.nanoTime() - asked[0] >= FAILOVER_TIMEOUT_NANOS) {
                call(replica, "CLUSTER", "FAILOVER");
                asked[0] = System.nanoTime();
            }
            return false;
        });
        awaitHealthy();
    }

    /** Ends a node at once, as a crash would. Waits for nothing: {@link #awaitHealthy} does where a replica is left. */
    public void kill(RedisServer node) {
        node.kill();
    }

    /** Starts a killed node again, in the place that it had in the cluster. */
    public void restart(RedisServer node) {
        node.restart(Stream.concat(wiring.options().stream(), options.stream()).toArray(String[]::new));
        awaitHealthy();
    }

    /** Moves slots with their keys, as redis-cli does it. Keys that are expired are dropped by the server on the way. */
    public void moveSlots(RedisServer from, RedisServer to, int first, int last) {
        String fromId = id(from);
        String toId = id(to);
        try (RespClient source = from.client();
                RespClient target = to.client()) {
            for (int slot = first; slot <= last; slot++) {
                String name = Integer.toString(slot);
                target.call("CLUSTER", "SETSLOT", name, "IMPORTING", fromId);
                source.call("CLUSTER", "SETSLOT", name, "MIGRATING", toId);
                moveKeys(source, to, name);
                // The target first: the source answers MOVED from then on, and the target must know that it is meant.
                target.call("CLUSTER", "SETSLOT", name, "NODE", toId);
                give(source, name, toId);
            }
        }
        awaitHealthy();
    }

    private static void give(RespClient source, String slot, String toId) {
        try {
            source.call("CLUSTER", "SETSLOT", slot, "NODE", toId);
        } catch (RespException e) {
            // One that has heard that its last slot is gone has become a replica by itself.
            if (!String.valueOf(e.getMessage()).contains("SETSLOT only with")) {
                throw e;
            }
        }
    }

    private void moveKeys(RespClient source, RedisServer to, String slot) {
        Await.until("keys of slot " + slot + " are moved", () -> {
            List<?> keys = items(source.call("CLUSTER", "GETKEYSINSLOT", slot, Integer.toString(KEYS_A_MIGRATE)));
            if (keys.isEmpty()) {
                return true;
            }
            List<String> command =
                    new ArrayList<>(List.of("MIGRATE", wiring.host(), port(to), "", "0", MIGRATE_TIMEOUT_MS, "KEYS"));
            keys.forEach(key -> command.add((String) key));
            source.call(command.toArray(String[]::new));
            return false;
        });
    }

    /** Starts one more node, a primary without slots, and makes it known to all. */
    public RedisServer addNode() {
        RedisServer node = launch();
        meetAll();
        awaitHealthy();
        return node;
    }

    /** Takes a node without slots out of the cluster, as redis-cli does it: all others forget it, and it them. It lives on. */
    public void remove(RedisServer node) {
        String id = id(node);
        nodes.remove(node);
        removed.add(node);
        living().forEach(other -> call(other, "CLUSTER", "FORGET", id));
        call(node, "CLUSTER", "RESET", "SOFT");
        awaitHealthy();
    }

    /** Makes a node without slots a replica of another. */
    public void replicate(RedisServer node, RedisServer primary) {
        call(node, "CLUSTER", "REPLICATE", id(primary));
        awaitHealthy();
    }

    /**
     * Waits until all living nodes say {@code cluster_state:ok}, see the same roles and slots, and living replicas are
     * online.
     */
    public void awaitHealthy() {
        Await.until(
                "cluster " + version.label() + " is healthy",
                () -> living().allMatch(RedisCluster::isSound)
                        && living().map(RedisCluster::view).distinct().count() == 1);
    }

    @Override
    public void close() {
        Stream.concat(nodes.stream(), removed.stream()).forEach(RedisServer::close);
    }

    private void form(int primaries, int replicas) {
        for (int i = 0; i < primaries + replicas; i++) {
            RedisServer node = launch();
            // Distinct from the start, or equal ones would have to be sorted out on the way.
            call(node, "CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
        }
        for (int i = 0; i < primaries; i++) {
            addSlots(nodes.get(i), HashSlot.COUNT * i / primaries, HashSlot.COUNT * (i + 1) / primaries);
        }
        meetAll();
        awaitHealthy();
        for (int i = 0; i < replicas; i++) {
            call(nodes.get(primaries + i), "CLUSTER", "REPLICATE", id(nodes.get(i % primaries)));
        }
        awaitHealthy();
    }

    private RedisServer launch() {
        RedisServer node = RedisServer.startClusterNode(version, wiring, options);
        nodes.add(node);
        return node;
    }

    private static void addSlots(RedisServer node, int from, int below) {
        List<String> command = new ArrayList<>(List.of("CLUSTER", "ADDSLOTS"));
        IntStream.range(from, below).mapToObj(Integer::toString).forEach(command::add);
        call(node, command.toArray(String[]::new));
    }

    /** Makes all nodes known to each other through the first that lives. */
    private void meetAll() {
        RedisServer known = living().findFirst().orElseThrow();
        living().filter(node -> node != known)
                .forEach(node -> call(known, "CLUSTER", "MEET", wiring.host(), port(node)));
        Await.until(
                "all nodes know each other",
                () -> living().allMatch(node -> {
                    List<NodeLine> lines = lines(node);
                    return lines.size() == nodes.size() && lines.stream().noneMatch(NodeLine::handshake);
                }));
    }

    private String port(RedisServer node) {
        return Integer.toString(wiring.port(node));
    }

    private Stream<RedisServer> living() {
        return nodes.stream().filter(RedisServer::alive);
    }

    private static boolean isSound(RedisServer node) {
        try (RespClient client = node.client()) {
            return client.callText("CLUSTER", "INFO").contains("cluster_state:ok")
                    && ("master".equals(client.info("role")) ? feedsAll(client) : follows(client));
        }
    }

    private static boolean follows(RespClient client) {
        return "up".equals(client.info("master_link_status"));
    }

    private static boolean feedsAll(RespClient client) {
        return client.callText("INFO", "replication")
                .lines()
                .filter(line -> line.matches("slave\\d+:.*"))
                .allMatch(line -> line.contains("state=online"));
    }

    private static Set<String> view(RedisServer node) {
        return lines(node).stream().map(NodeLine::roleAndSlots).collect(Collectors.toSet());
    }

    private static NodeLine self(RedisServer node) {
        return lines(node).stream()
                .filter(line -> line.flags().contains("myself"))
                .findFirst()
                .orElseThrow();
    }

    private static List<NodeLine> lines(RedisServer node) {
        try (RespClient client = node.client()) {
            return client.callText("CLUSTER", "NODES")
                    .lines()
                    .map(NodeLine::parse)
                    .toList();
        }
    }

    private static @Nullable Object call(RedisServer node, String... command) {
        try (RespClient client = node.client()) {
            return client.call(command);
        }
    }

    private static List<?> items(@Nullable Object reply) {
        return reply instanceof List<?> list ? list : List.of();
    }

    /** A line of CLUSTER NODES; slots as printed, those on the move left out. */
    private record NodeLine(
            String id, List<String> flags, @Nullable String primaryId, List<String> slots) {

        static NodeLine parse(String line) {
            String[] words = line.split(" ");
            return new NodeLine(
                    words[0],
                    List.of(words[2].split(",")),
                    words[3].equals("-") ? null : words[3],
                    Arrays.stream(words)
                            .skip(8)
                            .filter(slots -> !slots.startsWith("["))
                            .toList());
        }

        boolean handshake() {
            return flags.contains("handshake");
        }

        boolean owns(int slot) {
            return slots.stream().anyMatch(range -> {
                String[] ends = range.split("-", 2);
                return Integer.parseInt(ends[0]) <= slot && slot <= Integer.parseInt(ends[ends.length - 1]);
            });
        }

        String roleAndSlots() {
            return id + " of " + primaryId + " " + slots;
        }
    }
}
