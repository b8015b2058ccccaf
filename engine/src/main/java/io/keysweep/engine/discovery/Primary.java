package io.keysweep.engine.discovery;

import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.SlotSet;
import java.util.List;

/**
 * Describes a primary as discovery found it.
 *
 * @param address where Keysweep can reach the primary
 * @param slots the slots that it serves; all slots outside a cluster
 * @param replicas where Keysweep can reach its replicas, if they are known
 */
public record Primary(NodeAddress address, SlotSet slots, List<NodeAddress> replicas) {

    public Primary {
        replicas = List.copyOf(replicas);
    }
}
