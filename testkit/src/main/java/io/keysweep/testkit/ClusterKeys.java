package io.keysweep.testkit;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Keys on all primaries of a cluster, spread over many slots. */
public final class ClusterKeys {

    private static final int SLOTS_USED = 97;

    private ClusterKeys() {}

    /** Plants so many on each primary of a cluster as it was started, with the own expiry of all nodes switched off. */
    public static void plant(RedisCluster cluster, int live, int dead) {
        for (RedisServer node : cluster.nodes()) {
            try (RespClient client = node.client()) {
                KeySpace.frozen(client);
            }
        }
        List<RedisServer> primaries = cluster.primaries();
        for (int i = 0; i < primaries.size(); i++) {
            int from = HashSlot.COUNT * i / primaries.size();
            int below = HashSlot.COUNT * (i + 1) / primaries.size();
            List<String> tags = IntStream.range(0, 1_000_000)
                    .mapToObj(number -> "t" + number)
                    .filter(tag -> HashSlot.of(tag) >= from && HashSlot.of(tag) < below)
                    .limit(SLOTS_USED)
                    .toList();
            try (RespClient client = primaries.get(i).client()) {
                KeySpace.frozen(client, spread(tags)).plant(0, live, dead);
            }
        }
    }

    private static UnaryOperator<String> spread(List<String> tags) {
        int[] next = new int[1];
        return name -> "{" + tags.get(next[0]++ % tags.size()) + "}" + name;
    }

    /** Keys on all primaries, dead ones included. */
    public static long left(RedisCluster cluster) {
        long left = 0;
        for (RedisServer primary : cluster.primaries()) {
            try (RespClient client = primary.client()) {
                left += client.callLong("DBSIZE");
            }
        }
        return left;
    }
}
