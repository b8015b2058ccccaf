package io.keysweep.engine.discovery;

import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.SlotSet;
import java.util.List;

/**
 * Describes a primary that {@link Discovery} found: where to connect to, and which slots a sweep covers there.
 *
 * @param address the address at which Keysweep reaches the primary
 * @param slots the slots that the primary serves; all slots outside a cluster
 * @param replicas the addresses at which Keysweep reaches the primary's replicas; only a cluster reports them,
 *     otherwise the list is empty
 */
public record Primary(NodeAddress address, SlotSet slots, List<NodeAddress> replicas) {

    public Primary {
        replicas = List.copyOf(replicas);
    }
}
