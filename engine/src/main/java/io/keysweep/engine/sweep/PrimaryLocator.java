package io.keysweep.engine.sweep;

import io.keysweep.engine.discovery.Discovery;
import io.keysweep.engine.discovery.Primary;
import io.keysweep.engine.discovery.Topology;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.engine.topology.Shard;
import io.keysweep.engine.topology.SlotSet;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the primary of a shard is. Asked anew whenever a connection is opened, since another node may have taken over.
 * Used by one thread.
 */
final class PrimaryLocator {

    private final Discovery discovery;
    private final boolean mayMove;
    private final SlotSet slots;
    private @Nullable NodeAddress current;

    /**
     * @param shard null for all of a deployment that has one primary
     * @throws IllegalArgumentException if it is null for a cluster
     */
    PrimaryLocator(NodeConnector connector, Deployment deployment, @Nullable Shard shard) {
        this(Discovery.of(connector, deployment), !(deployment instanceof Deployment.Standalone), shard);
        if (deployment instanceof Deployment.Cluster && shard == null) {
            throw new IllegalArgumentException("shard is missing, must name a primary of the cluster");
        }
    }

    PrimaryLocator(Discovery discovery, boolean mayMove, @Nullable Shard shard) {
        this.discovery = discovery;
        this.mayMove = mayMove;
        slots = shard == null ? SlotSet.ALL : shard.slots();
        current = shard == null ? null : shard.primary();
    }

    /** Whether another node may take over. */
    boolean mayMove() {
        return mayMove;
    }

    /**
     * Where the primary is now: where it was, if a primary there serves any of the slots, else the one whose slots are
     * mostly those of the shard. A primary that was given some of them beside its own is not it: it has a sweep of its
     * own.
     *
     * @throws NodeRefusedException if nobody can tell, or the slots are served by primaries of other shards
     */
    NodeAddress locate() {
        // A node that was cut off takes itself for the primary for a while.
        Topology topology = discovery.discover(current);
        NodeAddress found = current != null && !served(topology, current).isEmpty()
                ? current
                : successor(topology).orElseThrow(() -> handedOver(topology));
        current = found;
        return found;
    }

    /**
     * What of the shard the primary at an address serves by the word of others.
     *
     * @throws NodeRefusedException if none of them answers; its own word does where there is no other primary, without
     *     which none is replaced
     */
    SlotSet confirmed(NodeAddress address) {
        Topology topology = discovery.discover(address);
        if (topology.reportedBy().equals(address) && topology.primaries().size() > 1) {
            throw new NodeRefusedException(
                    address.toString(), Reason.UNREACHABLE, address + " is the only node of the cluster that answers");
        }
        return served(topology, address);
    }

    private SlotSet served(Topology topology, NodeAddress address) {
        return topology.servedAt(address).intersect(slots);
    }

    private Optional<NodeAddress> successor(Topology topology) {
        return topology.primaries().stream()
                .filter(primary -> 2 * shared(primary) > primary.slots().size())
                .max(Comparator.comparingInt(this::shared))
                .map(Primary::address);
    }

    private int shared(Primary primary) {
        return primary.slots().intersect(slots).size();
    }

    private NodeRefusedException handedOver(Topology topology) {
        String nodeId = String.valueOf(current);
        return new NodeRefusedException(
                nodeId,
                Reason.HANDED_OVER,
                "slots " + slots + " of " + nodeId + " have gone to other primaries, as " + topology.reportedBy()
                        + " tells");
    }
}
