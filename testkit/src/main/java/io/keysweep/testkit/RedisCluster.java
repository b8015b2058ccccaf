package io.keysweep.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs a real cluster of one version for tests, on the loopback address, and changes its topology.
 *
 * <p>An operation that changes the cluster returns once all running nodes agree on the outcome, unless the operation's
 * comment says otherwise. It throws {@link org.awaitility.core.ConditionTimeoutException} if that takes more than three
 * minutes. Not safe to share between threads.
 */
public final class RedisCluster implements AutoCloseable {

    /** The time after which a server gives up a manual failover, with some reserve (the server's limit is 5 s). */
    private static final long FAILOVER_TIMEOUT_NANOS = Duration.ofSeconds(6).toNanos();

    /**
     * The silence after which nodes regard a node as failed, ms. It is short, so that tests of failovers are fast, but
     * longer than the pauses of a busy machine.
     */
    private static final String NODE_TIMEOUT_MS = "3000";

    private final RedisVersion version;
    private final Wiring wiring;
    private final List<String> options;
    private final List<RedisServer> nodes = new ArrayList<>();

    /** The nodes that were removed from the cluster; their processes run until the cluster is closed. */
    private final List<RedisServer> removedNodes = new ArrayList<>();

    private RedisCluster(RedisVersion version, Wiring wiring, List<String> options) {
        this.version = version;
        this.wiring = wiring;
        this.options = options;
    }

    /**
     * Starts a cluster and waits until it is healthy. The slots are divided evenly, in the order of {@link #nodes}.
     * Replica {@code i} follows primary {@code i % primaries}.
     *
     * @param primaries the number of primaries, at least 1; with 3 or more the cluster elects a replica when a primary
     *     fails
     * @param replicas the number of replicas of the whole cluster
     * @param options more options of each node's command line, for example {@code "--hz", "50"}
     * @throws IllegalStateException if the version is not installed
     * @throws org.awaitility.core.ConditionTimeoutException if the cluster does not become healthy within three minutes
     */
    public static RedisCluster start(RedisVersion version, int primaries, int replicas, String... options) {
        return start(version, Wiring.PLAIN, primaries, replicas, options);
    }

    /**
     * Starts a cluster; see {@link #start(RedisVersion, int, int, String...)}.
     *
     * @param wiring how the nodes connect to each other, for example with TLS
     */
    public static RedisCluster start(
            RedisVersion version, Wiring wiring, int primaries, int replicas, String... options) {
        // Without the options for replication, a replica would be online only seconds later.
        List<String> allOptions = new ArrayList<>(List.of(
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
            allOptions.addAll(List.of("--tls-cluster", "yes"));
        }
        allOptions.addAll(List.of(options));
        RedisCluster cluster = new RedisCluster(version, wiring, allOptions);
        boolean formed = false;
        try {
            cluster.formCluster(primaries, replicas);
            formed = true;
            return cluster;
        } finally {
            if (!formed) {
                cluster.close();
            }
        }
    }

    /**
     * Returns all nodes, including killed ones but not removed ones. The nodes that started as primaries come first,
     * then the nodes that started as replicas, then added nodes.
     */
    public List<RedisServer> nodes() {
        return List.copyOf(nodes);
    }

    /** Returns the living nodes that report themselves as primaries, including those without slots. */
    public List<RedisServer> primaries() {
        return living().filter(node -> ClusterNodeLine.ownOf(node).primaryId() == null)
                .toList();
    }

    /** Returns the living nodes that report themselves as replicas. */
    public List<RedisServer> replicas() {
        return living().filter(node -> ClusterNodeLine.ownOf(node).primaryId() != null)
                .toList();
    }

    /** Returns the living nodes that report themselves as replicas of {@code primary}. */
    public List<RedisServer> replicasOf(RedisServer primary) {
        String id = id(primary);
        return living().filter(node -> id.equals(ClusterNodeLine.ownOf(node).primaryId()))
                .toList();
    }

    /** Returns the living primary that reports itself as the owner of a slot. */
    public RedisServer ownerOf(int slot) {
        return living().filter(node -> ClusterNodeLine.ownOf(node).owns(slot))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("No node owns slot " + slot));
    }

    /** Returns the id of a running node in the cluster, 40 hex characters. */
    public String id(RedisServer node) {
        return ClusterNodeLine.ownOf(node).id();
    }

    /** Promotes a replica by a manual failover, which loses no writes. The replica's primary must be running. */
    public void failover(RedisServer replica) {
        // A replica older than 6.2 takes offset 0 for "not received yet". The primary pauses writes during a failover,
        // so an offset of 0 would stay 0, and the failover would never finish.
        Waits.await("replica " + replica.port() + " has an offset").until(() -> {
            try (RespClient client = replica.client()) {
                return Long.parseLong(client.info("slave_repl_offset")) > 0;
            }
        });
        // The first value is in the past, so that the first poll sends the first request.
        long[] requestedAt = {System.nanoTime() - FAILOVER_TIMEOUT_NANOS};
        Waits.await("replica " + replica.port() + " is promoted").until(() -> {
            if (ClusterNodeLine.ownOf(replica).primaryId() == null) {
                return true;
            }
            // An election may be lost, so the request is repeated. A repetition before the server has given up would
            // restart the failover.
            if (System.nanoTime() - requestedAt[0] >= FAILOVER_TIMEOUT_NANOS) {
                call(replica, "CLUSTER", "FAILOVER");
                requestedAt[0] = System.nanoTime();
            }
            return false;
        });
        awaitHealthy();
    }

    /**
     * Kills the process of a node and returns once it has ended, without waiting for the other nodes. If the node has a
     * replica, {@link #awaitHealthy} waits for the replica's election.
     */
    public void kill(RedisServer node) {
        node.kill();
    }

    /**
     * Restarts a killed node, which rejoins the cluster. It has the keys that it had saved or that its primary sends.
     */
    public void restart(RedisServer node) {
        node.restart(Stream.concat(wiring.options().stream(), options.stream()).toArray(String[]::new));
        awaitHealthy();
    }

    /**
     * Moves slots with their keys by the same commands as redis-cli. Expired keys are not moved, but removed at the
     * source.
     *
     * @param from the primary that serves the slots
     * @param to the primary that will serve the slots
     * @param first the first slot
     * @param last the last slot, inclusive
     */
    public void moveSlots(RedisServer from, RedisServer to, int first, int last) {
        try (RespClient source = from.client();
                RespClient target = to.client()) {
            SlotMove move = new SlotMove(source, id(from), target, id(to), wiring.host(), port(to));
            for (int slot = first; slot <= last; slot++) {
                move.moveSlot(slot);
            }
        }
        awaitHealthy();
    }

    /** Starts another node as a primary without slots, adds the node to the cluster, and returns it. */
    public RedisServer addNode() {
        RedisServer node = launch();
        meetAll();
        awaitHealthy();
        return node;
    }

    /**
     * Removes a node without slots from the cluster, by the same commands as redis-cli. The node's process continues to
     * run, as a cluster of its own.
     */
    public void remove(RedisServer node) {
        String id = id(node);
        nodes.remove(node);
        removedNodes.add(node);
        living().forEach(other -> call(other, "CLUSTER", "FORGET", id));
        call(node, "CLUSTER", "RESET", "SOFT");
        awaitHealthy();
    }

    /** Makes a node without slots a replica of {@code primary}. */
    public void replicate(RedisServer node, RedisServer primary) {
        call(node, "CLUSTER", "REPLICATE", id(primary));
        awaitHealthy();
    }

    /**
     * Waits until all running nodes report {@code cluster_state:ok}, all report the same roles and slots, and all
     * running replicas are online.
     *
     * @throws org.awaitility.core.ConditionTimeoutException if that takes more than three minutes
     */
    public void awaitHealthy() {
        Waits.await("cluster " + version.label() + " is healthy")
                .until(() -> ClusterHealth.isHealthy(living().toList()));
    }

    @Override
    public void close() {
        Stream.concat(nodes.stream(), removedNodes.stream()).forEach(RedisServer::close);
    }

    /** Starts the nodes and makes a cluster of them, as {@link #start} promises. */
    private void formCluster(int primaries, int replicas) {
        for (int i = 0; i < primaries + replicas; i++) {
            RedisServer node = launch();
            // New nodes have equal epochs, and the cluster would need time to resolve this conflict.
            call(node, "CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
        }
        for (int i = 0; i < primaries; i++) {
            addSlots(nodes.get(i), HashSlot.COUNT * i / primaries, HashSlot.COUNT * (i + 1) / primaries);
        }
        meetAll();
        // A node can become a replica only once it knows its primary.
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

    /** Assigns the slots from {@code from} to {@code end}, not included, to a node. */
    private static void addSlots(RedisServer node, int from, int end) {
        List<String> command = new ArrayList<>(List.of("CLUSTER", "ADDSLOTS"));
        IntStream.range(from, end).mapToObj(Integer::toString).forEach(command::add);
        call(node, command.toArray(String[]::new));
    }

    /** Introduces all nodes to each other through the first living one. */
    private void meetAll() {
        RedisServer firstNode = living().findFirst().orElseThrow();
        living().filter(node -> node != firstNode)
                .forEach(node -> call(firstNode, "CLUSTER", "MEET", wiring.host(), port(node)));
        Waits.await("all nodes know each other").until(() -> ClusterHealth.allKnow(living().toList(), nodes.size()));
    }

    /** Returns the port under which other nodes reach a node. */
    private String port(RedisServer node) {
        return Integer.toString(wiring.port(node));
    }

    private Stream<RedisServer> living() {
        return nodes.stream().filter(RedisServer::alive);
    }

    private static @Nullable Object call(RedisServer node, String... command) {
        try (RespClient client = node.client()) {
            return client.call(command);
        }
    }
}
