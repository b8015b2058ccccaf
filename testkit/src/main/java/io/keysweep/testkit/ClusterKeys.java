package io.keysweep.testkit;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Creates live and expired keys on all primaries of a cluster, in many slots, and counts the keys. */
public final class ClusterKeys {

    /** The number of slots with keys on each primary; few enough to find a hash tag for each quickly. */
    private static final int SLOTS_PER_PRIMARY = 97;

    /** The maximum number of hash tags to try. Far fewer are enough to find one for each of the 16384 slots. */
    private static final int MAX_TAGS = 1_000_000;

    private ClusterKeys() {}

    /**
     * Switches off active expiry on all nodes and creates keys on each primary, see {@link KeySpace#plant}. The slots
     * must not have been moved since {@link RedisCluster#start}, because a primary accepts only keys of its own slots.
     *
     * @param live the number of live keys on each primary
     * @param dead the number of expired keys that still use memory on each primary
     */
    public static void plant(RedisCluster cluster, int live, int dead) {
        plant(cluster, keys -> keys.plant(/* db= */ 0, live, dead));
    }

    /** Switches off active expiry on all nodes and creates keys without a TTL on each primary. */
    public static void plantWithoutTtl(RedisCluster cluster, int count) {
        plant(cluster, keys -> keys.plantWithoutTtl(/* db= */ 0, count));
    }

    private static void plant(RedisCluster cluster, Consumer<KeySpace> planting) {
        // Expiry is switched off on all nodes, because a replica that is promoted later would expire the keys.
        for (RedisServer node : cluster.nodes()) {
            try (RespClient client = node.client()) {
                KeySpace.withExpiryOff(client);
            }
        }

        List<RedisServer> primaries = cluster.primaries();
        for (int i = 0; i < primaries.size(); i++) {
            int from = HashSlot.COUNT * i / primaries.size();
            int end = HashSlot.COUNT * (i + 1) / primaries.size();
            List<String> tags = IntStream.range(0, MAX_TAGS)
                    .mapToObj(number -> "t" + number)
                    .filter(tag -> HashSlot.of(tag) >= from && HashSlot.of(tag) < end)
                    .limit(SLOTS_PER_PRIMARY)
                    .toList();
            try (RespClient client = primaries.get(i).client()) {
                planting.accept(KeySpace.withExpiryOff(client, spread(tags)));
                awaitReplicas(client);
            }
        }
    }

    /** Waits until all connected replicas hold what {@code client} has written, so that no failover loses a key. */
    private static void awaitReplicas(RespClient client) {
        Waits.await("the replicas have all keys").until(() -> {
            String connectedReplicas = String.valueOf(client.info("connected_slaves"));
            return client.callLong("WAIT", connectedReplicas, "1000") >= Long.parseLong(connectedReplicas);
        });
    }

    /**
     * Returns a function that puts one of the hash tags before each name, in turn, for example {@code {t7}live:0}. The
     * tag decides the slot of the key.
     */
    private static UnaryOperator<String> spread(List<String> tags) {
        int[] nextTag = new int[1];
        return name -> "{" + tags.get(nextTag[0]++ % tags.size()) + "}" + name;
    }

    /** Returns the number of keys on all living primaries together, including expired keys that still use memory. */
    public static long count(RedisCluster cluster) {
        long count = 0;
        for (RedisServer primary : cluster.primaries()) {
            try (RespClient client = primary.client()) {
                count += client.callLong("DBSIZE");
            }
        }
        return count;
    }
}
