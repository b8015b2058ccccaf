package io.keysweep.testkit;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Checks for {@link RedisCluster} whether the nodes of a cluster work and agree with each other. */
final class ClusterHealth {

    private ClusterHealth() {}

    /**
     * Returns whether all nodes report {@code cluster_state:ok}, all nodes report the same roles and slots, and every
     * replica is connected to its primary and has finished its synchronisation.
     *
     * @param nodes the running nodes
     * @throws RespException if a node does not answer
     */
    static boolean isHealthy(List<RedisServer> nodes) {
        return nodes.stream().allMatch(ClusterHealth::works)
                && nodes.stream().map(ClusterHealth::rolesAndSlots).distinct().count() == 1;
    }

    /** Returns whether each node knows exactly {@code count} nodes, itself included, with all handshakes finished. */
    static boolean allKnow(List<RedisServer> nodes, int count) {
        return nodes.stream().allMatch(node -> {
            List<ClusterNodeLine> lines = ClusterNodeLine.allOf(node);
            return lines.size() == count && lines.stream().noneMatch(ClusterNodeLine::isInHandshake);
        });
    }

    private static boolean works(RedisServer node) {
        try (RespClient client = node.client()) {
            return client.callText("CLUSTER", "INFO").contains("cluster_state:ok")
                    && ("master".equals(client.info("role")) ? feedsAllReplicas(client) : followsItsPrimary(client));
        }
    }

    /** Returns whether a replica is connected to its primary and has finished its synchronisation. */
    private static boolean followsItsPrimary(RespClient client) {
        return "up".equals(client.info("master_link_status"));
    }

    /** Returns whether a primary reports all its replicas as online. */
    private static boolean feedsAllReplicas(RespClient client) {
        return client.callText("INFO", "replication")
                .lines()
                .filter(line -> line.matches("slave\\d+:.*"))
                .allMatch(line -> line.contains("state=online"));
    }

    private static Set<String> rolesAndSlots(RedisServer node) {
        return ClusterNodeLine.allOf(node).stream()
                .map(ClusterNodeLine::roleAndSlots)
                .collect(Collectors.toSet());
    }
}
