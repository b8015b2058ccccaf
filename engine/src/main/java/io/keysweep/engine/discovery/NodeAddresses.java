package io.keysweep.engine.discovery;

import io.keysweep.engine.text.ForeignText;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeMap;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the address at which Keysweep reaches each node of one CLUSTER SLOTS reply. Not thread-safe.
 *
 * <p>The node map comes first, then the announced endpoint. A node may announce no address, or several nodes may
 * announce the same one. Then there are candidates: the asked host with the node's port, the node's other addresses,
 * and the seeds. The first candidate that reports the node's id is its address.
 */
final class NodeAddresses {

    private final NodeProbe probe;
    private final NodeMap nodeMap;
    private final List<NodeAddress> seeds;
    private final NodeAddress asked;
    private final @Nullable String askedId;
    /** The number of nodes that announce an address. */
    private final Map<NodeAddress, Integer> announced = new HashMap<>();
    /** The number of nodes that the asked host may stand for, by the address with their port. */
    private final Map<NodeAddress, Integer> atAskedHost = new HashMap<>();

    /**
     * Prepares the search.
     *
     * @param seeds addresses at which any node of the cluster may be
     * @param asked the address of the node that replied
     * @param askedId the id of the node that replied; null if it does not report it
     * @param nodes all nodes of the reply
     */
    NodeAddresses(
            NodeProbe probe,
            NodeMap nodeMap,
            List<NodeAddress> seeds,
            NodeAddress asked,
            @Nullable String askedId,
            Collection<AnnouncedNode> nodes) {
        this.probe = probe;
        this.nodeMap = nodeMap;
        this.seeds = seeds;
        this.asked = asked;
        this.askedId = askedId;
        for (AnnouncedNode node : nodes) {
            node.addresses().forEach(address -> announced.merge(address, 1, Integer::sum));
            askedHost(node).ifPresent(address -> atAskedHost.merge(address, 1, Integer::sum));
        }
    }

    /**
     * Returns the address of a primary.
     *
     * @throws NodeRefusedException if the reply and the node map name none
     */
    NodeAddress ofPrimary(AnnouncedNode node) {
        return certain(node).orElseGet(() -> probed(node));
    }

    /** Returns the address of a replica; empty if none is known. No candidate is asked for its id. */
    Optional<NodeAddress> ofReplica(AnnouncedNode node) {
        try {
            return certain(node).or(() -> candidates(node).stream().findFirst());
        } catch (NodeRefusedException e) {
            // A sweep does not need the replica.
            return Optional.empty();
        }
    }

    /** Returns the address if nothing else comes into question. */
    private Optional<NodeAddress> certain(AnnouncedNode node) {
        NodeAddress mapped = mapped(node);
        if (mapped != null) {
            return Optional.of(mapped);
        }
        if (!node.namesEndpoint()) {
            return node.id().equals(askedId) ? Optional.of(asked) : Optional.empty();
        }
        try {
            NodeAddress endpoint = node.endpointAddress();
            return isShared(endpoint) ? Optional.empty() : Optional.of(endpoint);
        } catch (IllegalArgumentException e) {
            throw unclear(
                    "names " + node.shown() + ", but announces " + e.getMessage()
                            + (node.port() == 0
                                    ? "; port 0 means that the node has no port with or without TLS as asked"
                                    : ""),
                    node);
        }
    }

    private @Nullable NodeAddress mapped(AnnouncedNode node) {
        NodeAddress byId = nodeMap.findById(node.id());
        if (byId != null) {
            return byId;
        }
        // An address that several nodes announce cannot say which of them the user means.
        return node.addresses().stream()
                .filter(address -> !isShared(address))
                .map(nodeMap::find)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private NodeAddress probed(AnnouncedNode node) {
        List<NodeAddress> candidates = candidates(node);
        if (candidates.equals(List.of(asked)) && askedId == null) {
            return asked;
        }
        Optional<NodeAddress> found = Stream.of(candidates, List.of(asked), seeds)
                .flatMap(List::stream)
                .distinct()
                .filter(candidate -> node.id().equals(probe.idAt(candidate)))
                .findFirst();
        // A node that does not answer now may still be the right one. Its id is checked when it is swept.
        return found.or(() -> candidates.stream()
                        .filter(candidate -> probe.idAt(candidate) == null)
                        .findFirst())
                .orElseThrow(() ->
                        unclear("names " + node.shown() + ", and no address that belongs to this node alone", node));
    }

    /** Returns the addresses at which a node may be, the most likely one first. */
    private List<NodeAddress> candidates(AnnouncedNode node) {
        List<NodeAddress> own = new ArrayList<>(
                node.addresses().stream().filter(address -> !isShared(address)).toList());
        askedHost(node)
                .filter(address -> atAskedHost.getOrDefault(address, 0) == 1)
                .filter(address -> own.contains(address) || !announced.containsKey(address))
                .ifPresent(address -> {
                    own.remove(address);
                    own.addFirst(address);
                });
        return own;
    }

    /** Returns the host that was asked with the port of a node that announces no endpoint. */
    private Optional<NodeAddress> askedHost(AnnouncedNode node) {
        try {
            if (node.namesEndpoint()) {
                return Optional.empty();
            }
            NodeAddress address = NodeAddress.announced(asked.host(), node.port());
            // The asked address is known to be reachable, so it does not go through the node map.
            return Optional.of(address.equals(asked) ? asked : nodeMap.resolve(address));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private boolean isShared(NodeAddress address) {
        return announced.getOrDefault(address, 0) > 1;
    }

    private NodeRefusedException unclear(String what, AnnouncedNode node) {
        return new NodeRefusedException(
                asked.toString(),
                Reason.TOPOLOGY_UNCLEAR,
                asked + " " + what + "; map the node by its id: " + ForeignText.excerpt(node.id())
                        + "=HOST:PORT in the node map");
    }
}
