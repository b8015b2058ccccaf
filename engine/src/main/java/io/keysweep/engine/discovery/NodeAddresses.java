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
 * <p>{@link ClusterDiscovery} creates one instance for each reply. The <i>reporter</i> is the node that sent the reply.
 * An <i>endpoint</i> is the address at which a node wants clients to connect. The search for the address of a node has
 * three stages:
 *
 * <ol>
 *   <li>The node map, in which the user maps what nodes announce to reachable addresses.
 *   <li>The endpoint of the node, unless the node announces none or several nodes announce the same one.
 *   <li>Candidates: the reporter's host with the node's port, the node's other addresses, the reporter, and the seeds
 *       (the addresses in the user's URI). The first candidate that reports the node's id is its address. If none does,
 *       the first one that does not answer is taken, because the node may be down at present.
 * </ol>
 */
final class NodeAddresses {

    private final NodeProbe probe;
    private final NodeMap nodeMap;
    private final List<NodeAddress> seeds;
    private final NodeAddress reporter;
    private final @Nullable String reporterId;

    /** The number of nodes that announce an address. */
    private final Map<NodeAddress, Integer> nodesByAddress = new HashMap<>();

    /** The number of nodes without an endpoint that may be at the reporter's host, by the address with their port. */
    private final Map<NodeAddress, Integer> nodesAtReporterHost = new HashMap<>();

    /**
     * Prepares the search.
     *
     * @param seeds addresses at which any node of the cluster may be
     * @param reporter the address of the node that replied
     * @param reporterId the id of the node that replied; null if it does not report it
     * @param nodes all nodes of the reply
     */
    NodeAddresses(
            NodeProbe probe,
            NodeMap nodeMap,
            List<NodeAddress> seeds,
            NodeAddress reporter,
            @Nullable String reporterId,
            Collection<AnnouncedNode> nodes) {
        this.probe = probe;
        this.nodeMap = nodeMap;
        this.seeds = seeds;
        this.reporter = reporter;
        this.reporterId = reporterId;
        for (AnnouncedNode node : nodes) {
            node.addresses().forEach(address -> nodesByAddress.merge(address, 1, Integer::sum));
            reporterHost(node).ifPresent(address -> nodesAtReporterHost.merge(address, 1, Integer::sum));
        }
    }

    /**
     * Returns the address of a primary.
     *
     * @throws NodeRefusedException if the node map does not name the node, and either its endpoint is no valid address,
     *     or it has no endpoint of its own and no candidate is left: other nodes answer at all of them, or there are
     *     none
     */
    NodeAddress ofPrimary(AnnouncedNode node) {
        return findUnambiguous(node).orElseGet(() -> findByProbing(node));
    }

    /**
     * Returns the address of a replica, without connecting to any candidate: the most likely one may be wrong. Empty if
     * no valid address is known.
     */
    Optional<NodeAddress> ofReplica(AnnouncedNode node) {
        try {
            return findUnambiguous(node).or(() -> candidates(node).stream().findFirst());
        } catch (NodeRefusedException e) {
            // A sweep does not need the replica.
            return Optional.empty();
        }
    }

    /**
     * Returns the address if the node map or the node's endpoint leaves no other possibility; empty if candidates must
     * be tried.
     *
     * @throws NodeRefusedException if the node announces an endpoint that is no address
     */
    private Optional<NodeAddress> findUnambiguous(AnnouncedNode node) {
        NodeAddress mappedAddress = findInNodeMap(node);
        if (mappedAddress != null) {
            return Optional.of(mappedAddress);
        }
        if (!node.hasEndpoint()) {
            // The reporter was reached at its address, whatever it announces.
            return node.id().equals(reporterId) ? Optional.of(reporter) : Optional.empty();
        }
        try {
            NodeAddress endpoint = node.endpointAddress();
            return isShared(endpoint) ? Optional.empty() : Optional.of(endpoint);
        } catch (IllegalArgumentException e) {
            throw topologyUnclear(
                    "names " + node.describe() + ", but announces " + e.getMessage()
                            + (node.port() == 0
                                    ? "; port 0 means that the node has no port with or without TLS as asked"
                                    : ""),
                    node);
        }
    }

    /**
     * Returns the reachable address in the node map, by the node's id or else by an address; null if the map has
     * neither.
     */
    private @Nullable NodeAddress findInNodeMap(AnnouncedNode node) {
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

    /**
     * Connects to the candidates until one of them reports the node's id. If none does, returns the first of {@link
     * #candidates} that does not answer or reports no id.
     *
     * @throws NodeRefusedException if other nodes answer at all candidates
     */
    private NodeAddress findByProbing(AnnouncedNode node) {
        List<NodeAddress> candidates = candidates(node);
        // A reporter that does not report its id cannot prove that it is the node, but no other candidate is known.
        if (candidates.equals(List.of(reporter)) && reporterId == null) {
            return reporter;
        }
        Optional<NodeAddress> addressWithId = Stream.of(candidates, List.of(reporter), seeds)
                .flatMap(List::stream)
                .distinct()
                .filter(candidate -> node.id().equals(probe.idAt(candidate)))
                .findFirst();
        // A node that does not answer now may still be the right one. Its id is checked when it is swept.
        return addressWithId
                .or(() -> candidates.stream()
                        .filter(candidate -> probe.idAt(candidate) == null)
                        .findFirst())
                .orElseThrow(() -> topologyUnclear(
                        "names " + node.describe() + ", and no address that belongs to this node alone", node));
    }

    /**
     * Returns the addresses at which a node may be, the most likely one first: the reporter's host with the node's
     * port, unless that may be another node's address, and the addresses that this node alone announces.
     */
    private List<NodeAddress> candidates(AnnouncedNode node) {
        List<NodeAddress> candidateAddresses = new ArrayList<>(
                node.addresses().stream().filter(address -> !isShared(address)).toList());
        reporterHost(node)
                .filter(address -> nodesAtReporterHost.getOrDefault(address, 0) == 1)
                .filter(address -> candidateAddresses.contains(address) || !nodesByAddress.containsKey(address))
                .ifPresent(address -> {
                    candidateAddresses.remove(address);
                    candidateAddresses.addFirst(address);
                });
        return candidateAddresses;
    }

    /** Returns the reporter's host with the port of a node that announces no endpoint; empty for other nodes. */
    private Optional<NodeAddress> reporterHost(AnnouncedNode node) {
        try {
            if (node.hasEndpoint()) {
                return Optional.empty();
            }
            NodeAddress address = NodeAddress.announced(reporter.host(), node.port());
            // The reporter's address is known to be reachable, so it does not go through the node map.
            return Optional.of(address.equals(reporter) ? reporter : nodeMap.resolve(address));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Returns whether several nodes announce an address, so that it identifies none of them. */
    private boolean isShared(NodeAddress address) {
        return nodesByAddress.getOrDefault(address, 0) > 1;
    }

    /** Returns the exception for a node without a usable address; {@code what} continues the reporter's address. */
    private NodeRefusedException topologyUnclear(String what, AnnouncedNode node) {
        return new NodeRefusedException(
                reporter.toString(),
                Reason.TOPOLOGY_UNCLEAR,
                reporter + " " + what + "; map the node by its id: " + ForeignText.excerpt(node.id())
                        + "=HOST:PORT in the node map");
    }
}
