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
 * Finds the primary of a shard before each connection is opened, since another node may have taken over.
 *
 * <p>A shard is the part of a cluster that one primary serves, as a set of slots. Outside a cluster, the shard is the
 * whole server. The locator asks the nodes of the cluster or the sentinels each time. Used by one thread.
 */
final class PrimaryLocator {

    private final Discovery discovery;
    private final boolean primaryCanMove;

    /** The slots of the shard; all slots outside a cluster. */
    private final SlotSet shardSlots;

    /**
     * The primary that was found last. Before the first search, it is the primary of the shard, or null without a
     * shard.
     */
    private @Nullable NodeAddress current;

    /** The id in the cluster of the primary that was found last; null if it is not known. */
    private @Nullable String currentId;

    /**
     * Creates a locator with the discovery that fits the deployment.
     *
     * @param shard the shard whose primary to find; null for a deployment with a single primary
     * @throws IllegalArgumentException if {@code shard} is null for a cluster
     */
    PrimaryLocator(NodeConnector connector, Deployment deployment, @Nullable Shard shard) {
        this(Discovery.of(connector, deployment), !(deployment instanceof Deployment.Standalone), shard);
        if (deployment instanceof Deployment.Cluster && shard == null) {
            throw new IllegalArgumentException("shard is missing, must name a primary of the cluster");
        }
    }

    /**
     * Creates a locator.
     *
     * @param primaryCanMove whether another node may become the primary
     * @param shard the shard whose primary to find; null for a deployment with a single primary
     */
    PrimaryLocator(Discovery discovery, boolean primaryCanMove, @Nullable Shard shard) {
        this.discovery = discovery;
        this.primaryCanMove = primaryCanMove;
        shardSlots = shard == null ? SlotSet.ALL : shard.slots();
        current = shard == null ? null : shard.primary();
    }

    /** Returns whether another node may become the primary, as in a cluster or under Sentinel. */
    boolean primaryCanMove() {
        return primaryCanMove;
    }

    /**
     * Finds the primary's address now, and remembers it for the next call.
     *
     * <p>If the primary found last still serves any of the shard's slots, its address is returned again. Otherwise the
     * call searches for a successor, which is a primary with more slots of the shard than other slots. A primary that
     * serves some of the shard's slots and many others is not a successor, since another sweep covers that primary.
     * Example: slots 0-99 have moved to a primary that also serves 5000-9999. That primary is not a successor.
     *
     * @throws NodeRefusedException if no node gives a usable answer, or if only primaries of other shards serve the
     *     slots
     */
    NodeAddress locate() {
        // Discovery asks the current primary only if no other node answers, because a primary that was cut off from the
        // cluster still considers itself the primary.
        Topology topology = discovery.discover(current);
        NodeAddress primaryAddress =
                current != null && !shardSlotsServedAt(topology, current).isEmpty()
                        ? current
                        : successor(topology).orElseThrow(() -> handedOverToOthers(topology));
        current = primaryAddress;
        currentId = topology.primaryIdAt(primaryAddress);
        return primaryAddress;
    }

    /** Returns the id in the cluster of the primary that {@link #locate} found last; null if it is not known. */
    @Nullable String locatedId() {
        return currentId;
    }

    /**
     * Returns which of the shard's slots the primary at an address serves, according to another node or a sentinel. In
     * a cluster with a single primary, the answer of that primary is enough, since only primaries can elect a
     * replacement.
     *
     * @return the slots; the empty set if no primary has the address now
     * @throws NodeRefusedException if no other node answers, or the answers are unclear
     */
    SlotSet confirmedSlots(NodeAddress address) {
        Topology topology = discovery.discover(address);
        if (topology.reportedBy().equals(address) && topology.primaries().size() > 1) {
            throw new NodeRefusedException(
                    address.toString(), Reason.UNREACHABLE, address + " is the only node of the cluster that answers");
        }
        return shardSlotsServedAt(topology, address);
    }

    /** Returns which of the shard's slots the primary at an address serves, according to a topology. */
    private SlotSet shardSlotsServedAt(Topology topology, NodeAddress address) {
        return topology.servedAt(address).intersect(shardSlots);
    }

    /** Returns the primary that has taken over the shard, see {@link #locate}; empty if there is none. */
    private Optional<NodeAddress> successor(Topology topology) {
        return topology.primaries().stream()
                .filter(primary -> 2 * sharedSlots(primary) > primary.slots().size())
                .max(Comparator.comparingInt(this::sharedSlots))
                .map(Primary::address);
    }

    private int sharedSlots(Primary primary) {
        return primary.slots().intersect(shardSlots).size();
    }

    /** Returns the exception for a shard whose slots are served by primaries of other shards. */
    private NodeRefusedException handedOverToOthers(Topology topology) {
        String nodeId = String.valueOf(current);
        return new NodeRefusedException(
                nodeId,
                Reason.HANDED_OVER,
                "slots " + shardSlots + " of " + nodeId + " are now served by other primaries, according to "
                        + topology.reportedBy());
    }
}
