package io.keysweep.testkit;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Plants and counts keys on all primaries of a cluster, spread over many slots. */
public final class ClusterKeys {

    private static final int SLOTS_PER_PRIMARY = 97;

    private ClusterKeys() {}

    /**
     * Switches off active expiry on all nodes, and plants {@code live} and {@code dead} keys on each primary. The slots
     * must still be divided as {@link RedisCluster#start} did.
     */
    public static void plant(RedisCluster cluster, int live, int dead) {
        for (RedisServer node : cluster.nodes()) {
            try (RespClient client = node.client()) {
                KeySpace.frozen(client);
            }
        }
        List<RedisServer> primaries = cluster.primaries();
        for (int i = 0; i < primaries.size(); i++) {
            int from = HashSlot.COUNT * i / primaries.size();
            int end = HashSlot.COUNT * (i + 1) / primaries.size();
            List<String> tags = IntStream.range(0, 1_000_000)
                    .mapToObj(number -> "t" + number)
                    .filter(tag -> HashSlot.of(tag) >= from && HashSlot.of(tag) < end)
                    .limit(SLOTS_PER_PRIMARY)
                    .toList();
            try (RespClient client = primaries.get(i).client()) {
                KeySpace.frozen(client, spread(tags)).plant(0, live, dead);
            }
        }
    }

    /** Returns a function that puts the next hash tag before each name. */
    private static UnaryOperator<String> spread(List<String> tags) {
        int[] next = new int[1];
        return name -> "{" + tags.get(next[0]++ % tags.size()) + "}" + name;
    }

    /** Returns the number of keys on all primaries, including expired ones. */
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
