package io.keysweep.engine.discovery;

import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.SlotSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Describes a primary that {@link Discovery} found: where to connect to, and which slots a sweep covers there.
 *
 * @param address the address at which Keysweep reaches the primary
 * @param slots the slots that the primary serves; all slots outside a cluster
 * @param replicas the addresses at which Keysweep reaches the primary's replicas; only a cluster reports them,
 *     otherwise the list is empty
 * @param id the primary's id in the cluster, by which it is recognised; null outside a cluster
 */
public record Primary(
        NodeAddress address,
        SlotSet slots,
        List<NodeAddress> replicas,
        @Nullable String id) {

    public Primary {
        replicas = List.copyOf(replicas);
    }

    /** Creates a primary whose id is not known, as outside a cluster. */
    public Primary(NodeAddress address, SlotSet slots, List<NodeAddress> replicas) {
        this(address, slots, replicas, /* id= */ null);
    }
}
