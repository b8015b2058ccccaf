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
 * Finds the address at which Keysweep reaches each node that one CLUSTER SLOTS reply names. Not thread-safe.
 *
 * <p>{@link ClusterDiscovery} creates an instance for each reply. The <i>reporter</i> is the node that sent the reply.
 * A node's <i>endpoint</i> is the address at which the node wants clients to connect. In containers and behind NAT, a
 * node may announce no endpoint, or several nodes may announce the same endpoint. These sources are therefore used in
 * this order, for each node:
 *
 * <ol>
 * <li>The node map, in which the user maps announced addresses, hosts or ids to reachable addresses.
 * <li>The endpoint, unless several nodes announce it. If the reporter has no endpoint, the address at which it replied
 * is used instead.
 * <li>The <i>candidates</i>, the addresses at which the node may be: the reporter's host with the node's port, then the
 * node's other addresses. For a primary, Keysweep connects to the candidates, to the reporter and to the <i>seeds</i>
 * (the addresses in the user's URI). It takes the first address at which a node reports the wanted id. For a replica,
 * the first candidate is used without a check, because a sweep can do without replicas.
 * </ol>
 */
final class NodeAddresses {

    private final NodeProbe probe;
    private final NodeMap nodeMap;
    private final List<NodeAddress> seeds;
    private final NodeAddress reporter;
    private final @Nullable String reporterId;

    /** The number of nodes that announce each address. */
    private final Map<NodeAddress, Integer> nodesByAddress = new HashMap<>();

    /** The number of nodes without an endpoint that share each result of {@link #addressAtReporterHost}. */
    private final Map<NodeAddress, Integer> nodesAtReporterHost = new HashMap<>();

    /**
     * Prepares the search, without connecting to a node.
     *
     * @param probe connects to a candidate and returns the id of the node there
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
            addressAtReporterHost(node).ifPresent(address -> nodesAtReporterHost.merge(address, 1, Integer::sum));
        }
    }

    /**
     * Returns the address of a primary. Connects to candidates if the node map and the reply leave several
     * possibilities. If no candidate reports the node's id, the result is the first that reports no id, for example
     * because it does not answer.
     *
     * @throws NodeRefusedException ({@link Reason#TOPOLOGY_UNCLEAR}) if the endpoint is not a valid address and the
     *     node is not in the node map, or if other nodes answer at all candidates
     */
    NodeAddress ofPrimary(AnnouncedNode node) {
        return findUnambiguous(node).orElseGet(() -> findByProbing(node));
    }

    /**
     * Returns the address of a replica without connecting to any candidate. If several addresses are possible, the
     * result is the first candidate. It is empty if there is no candidate, or if the endpoint is not a valid address.
     */
    Optional<NodeAddress> ofReplica(AnnouncedNode node) {
        try {
            return findUnambiguous(node).or(() -> candidates(node).stream().findFirst());
        } catch (NodeRefusedException e) {
            // A sweep does not need the replica, so a wrong announcement of a replica must not prevent the sweep.
            return Optional.empty();
        }
    }

    /**
     * Returns the address of a node if the node map, the endpoint or the reporter's own address leaves no other
     * possibility. The result is empty if candidates must be tried.
     *
     * @throws NodeRefusedException if the node announces an endpoint that is not a valid address
     */
    private Optional<NodeAddress> findUnambiguous(AnnouncedNode node) {
        NodeAddress mappedAddress = findInNodeMap(node);
        if (mappedAddress != null) {
            return Optional.of(mappedAddress);
        }
        if (!node.hasEndpoint()) {
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
     * Looks up the reachable address in the node map, by the node's id or else by an address that only this node
     * announces. Returns null if the map has neither.
     */
    private @Nullable NodeAddress findInNodeMap(AnnouncedNode node) {
        NodeAddress addressById = nodeMap.findById(node.id());
        if (addressById != null) {
            return addressById;
        }
        // If several nodes announce an address, it does not show which node the user means.
        return node.addresses().stream()
                .filter(address -> !isShared(address))
                .map(nodeMap::find)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /**
     * Connects to the candidates, the reporter and the seeds until an address reports the node's id. If none does,
     * returns the first candidate that reports no id.
     *
     * @throws NodeRefusedException if another node answers at each candidate, or if there is no candidate
     */
    private NodeAddress findByProbing(AnnouncedNode node) {
        List<NodeAddress> candidates = candidates(node);
        // A reporter that does not report its id cannot confirm it when probed, but no other address is possible.
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

    /** Returns the addresses at which a node may be, the most likely one first. */
    private List<NodeAddress> candidates(AnnouncedNode node) {
        List<NodeAddress> candidateAddresses = new ArrayList<>(
                node.addresses().stream().filter(address -> !isShared(address)).toList());
        // The address at the reporter's host is a guess. Two nodes with the same port cannot both be there, and an
        // address that only other nodes announce belongs to one of them.
        addressAtReporterHost(node)
                .filter(address -> nodesAtReporterHost.getOrDefault(address, 0) == 1)
                .filter(address -> candidateAddresses.contains(address) || !nodesByAddress.containsKey(address))
                .ifPresent(address -> {
                    candidateAddresses.remove(address);
                    candidateAddresses.addFirst(address);
                });
        return candidateAddresses;
    }

    /**
     * Returns the reporter's host with the port of a node that announces no endpoint, as mapped by the node map. The
     * result is empty for a node with an endpoint, or if host and port form no valid address, for example if the port
     * is 0.
     */
    private Optional<NodeAddress> addressAtReporterHost(AnnouncedNode node) {
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

    /**
     * Returns the exception for a node without a usable address. Its message asks the user to map the node by its id.
     *
     * @param problem the part of the message after the reporter's address
     */
    private NodeRefusedException topologyUnclear(String problem, AnnouncedNode node) {
        return new NodeRefusedException(
                reporter.toString(),
                Reason.TOPOLOGY_UNCLEAR,
                reporter + " " + problem + "; map the node by its id: " + ForeignText.excerpt(node.id())
                        + "=HOST:PORT in the node map");
    }
}
