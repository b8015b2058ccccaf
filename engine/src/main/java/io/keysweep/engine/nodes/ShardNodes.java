package io.keysweep.engine.nodes;

import io.keysweep.engine.topology.SlotSet;
import java.util.List;

/**
 * Describes a primary with its replicas.
 *
 * @param slots the slots that the primary serves; all slots outside a cluster
 * @param primary the node that the deployment names as primary; it can report another role, as after a failover
 * @param replicas the replicas that the cluster or the primary names, at most {@link DeploymentReader#MAX_REPLICAS}
 * @param moreReplicas the number of replicas beyond these
 */
public record ShardNodes(SlotSet slots, NodeState primary, List<NodeState> replicas, int moreReplicas) {

    public ShardNodes {
        replicas = List.copyOf(replicas);
    }
}
