package io.keysweep.engine.discovery;

import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.SlotSet;
import java.util.List;

/**
 * A primary as it was found just now.
 *
 * @param address where it can be reached from here
 * @param slots what it serves; all slots outside a cluster
 * @param replicas where its replicas can be reached, as far as they are known
 */
public record Primary(NodeAddress address, SlotSet slots, List<NodeAddress> replicas) {

    public Primary {
        replicas = List.copyOf(replicas);
    }
}
