package io.keysweep.engine.lettuce;

import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeMap;
import io.keysweep.testkit.RedisCluster;
import io.keysweep.testkit.RedisServer;
import java.util.List;

/** Describes test clusters and their servers as the deployments and addresses that the engine takes. */
final class ClusterDeployments {

    private ClusterDeployments() {}

    /** Returns the cluster as a deployment with its first node as the only seed. */
    static Deployment deployment(RedisCluster cluster) {
        return new Deployment.Cluster(List.of(address(cluster.nodes().getFirst())), Access.OPEN, NodeMap.NONE);
    }

    /** Returns the address of a server on this machine. */
    static NodeAddress address(RedisServer server) {
        return new NodeAddress("127.0.0.1", server.port());
    }
}
