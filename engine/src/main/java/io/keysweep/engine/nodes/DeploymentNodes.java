package io.keysweep.engine.nodes;

import io.keysweep.engine.topology.SlotSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Describes all nodes of a deployment at one moment, as {@link DeploymentReader} found them.
 *
 * @param shards the primaries with their replicas, ordered by their first slot; empty if there is a problem
 * @param unassigned the slots of a cluster that no primary serves; empty outside a cluster and without shards
 * @param problem why the primaries could not be found, as a sentence for users; null if they were found
 */
public record DeploymentNodes(
        List<ShardNodes> shards,
        SlotSet unassigned,
        @Nullable String problem) {

    public DeploymentNodes {
        shards = List.copyOf(shards);
    }
}
