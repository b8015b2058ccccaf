package io.keysweep.engine.discovery;

import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which node of a cluster is at an address, by asking the node for its id with CLUSTER NODES.
 *
 * <p>{@link NodeAddresses} uses it where the announced addresses do not show which node is which. Each address is asked
 * once and the result remembered. Each discovery needs a new probe, since another node may be at the address later. Not
 * thread-safe.
 */
final class NodeProbe {

    private final NodeConnector connector;
    private final Access access;
    private final Map<NodeAddress, Optional<String>> ids = new HashMap<>();

    NodeProbe(NodeConnector connector, Access access) {
        this.connector = connector;
        this.access = access;
    }

    /**
     * Stores the known id of the node at an address, so that the node is not asked. A null id means that the node
     * reports none.
     */
    void learn(NodeAddress address, @Nullable String id) {
        ids.put(address, Optional.ofNullable(id));
    }

    /**
     * Returns the id of the node at an address; null if no node answers there, or if the node does not report its id.
     * Connects to the address at the first call for it.
     */
    @Nullable String idAt(NodeAddress address) {
        return ids.computeIfAbsent(address, this::ask).orElse(null);
    }

    private Optional<String> ask(NodeAddress address) {
        try (NodeLink link = connector.open(address, access)) {
            return Optional.ofNullable(NodeIds.ownId(link.call("CLUSTER", "NODES")));
        } catch (NodeRefusedException | LinkBrokenException e) {
            return Optional.empty();
        }
    }
}
