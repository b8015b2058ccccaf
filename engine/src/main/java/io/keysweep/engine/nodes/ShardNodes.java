package io.keysweep.engine.nodes;

import io.keysweep.engine.topology.SlotSet;
import java.util.List;

/**
 * Describes a primary with its replicas.
 *
 * @param slots the slots that the primary serves; all slots outside a cluster
 * @param primary the node that the deployment names as primary; after a failover, the node may report another role
 * @param replicas the replicas that the cluster or the primary names, at most {@link DeploymentReader#MAX_REPLICAS}
 * @param moreReplicas the number of known replicas that are not in {@code replicas}
 */
public record ShardNodes(SlotSet slots, NodeState primary, List<NodeState> replicas, int moreReplicas) {

    public ShardNodes {
        replicas = List.copyOf(replicas);
    }
}
