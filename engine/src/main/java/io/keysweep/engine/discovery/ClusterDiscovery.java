package io.keysweep.engine.discovery;

import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.link.ServerErrors;
import io.keysweep.engine.link.UnexpectedReplyException;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.engine.topology.SlotSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the primaries of a cluster by sending CLUSTER SLOTS to one node after the other until a node answers.
 *
 * <p>Every version since 4.0 answers CLUSTER SLOTS, even while the cluster is down. The discovery remembers the nodes
 * of the last answer, so it still works when all seeds have been removed from the cluster. Not thread-safe.
 */
public final class ClusterDiscovery implements Discovery {

    private final NodeConnector connector;
    private final Deployment.Cluster cluster;
    private List<NodeAddress> known = List.of();

    /**
     * Creates a discovery.
     *
     * @param connector opens links to nodes; the caller closes the connector
     * @param cluster the seeds, which are asked first, and the credentials for all nodes
     */
    public ClusterDiscovery(NodeConnector connector, Deployment.Cluster cluster) {
        this.connector = connector;
        this.cluster = cluster;
    }

    /**
     * Asks the seeds, then the nodes of the last answer, then {@code last}, and returns the first answer. If the
     * cluster is down or some slots have no primary, the topology contains only the assigned slots, see {@link
     * Topology#unassigned}.
     *
     * @throws NodeRefusedException if no node answers; it is the refusal of the first node that was asked
     */
    @Override
    public Topology discover(@Nullable NodeAddress last) {
        SequencedSet<NodeAddress> candidates = new LinkedHashSet<>(cluster.seeds());
        candidates.addAll(known);
        if (last != null) {
            // Unlike add, addLast also moves a node to the end that is a candidate already.
            candidates.addLast(last);
        }
        NodeRefusedException first = null;
        for (NodeAddress node : candidates) {
            try {
                Topology topology = ask(node);
                known = topology.nodes();
                return topology;
            } catch (NodeRefusedException e) {
                if (first == null) {
                    first = e;
                }
            }
        }
        if (first == null) {
            throw new IllegalStateException("no node was asked");
        }
        throw first;
    }

    private Topology ask(NodeAddress node) {
        try (NodeLink link = connector.open(node, cluster.access())) {
            Reply reply = link.call("CLUSTER", "SLOTS");
            if (reply instanceof Reply.Failure failure) {
                throw refusal(node, failure);
            }
            return read(node, reply);
        } catch (LinkBrokenException | UnexpectedReplyException e) {
            throw new NodeRefusedException(
                    node.toString(), Reason.UNREACHABLE, node + " did not describe the cluster: " + e.getMessage());
        }
    }

    private NodeRefusedException refusal(NodeAddress node, Reply.Failure failure) {
        if (failure.message().contains("cluster support disabled")) {
            return new NodeRefusedException(
                    node.toString(),
                    Reason.OTHER_DEPLOYMENT,
                    node + " is not a cluster node (cluster support disabled); address it as a single server,"
                            + " redis://" + node);
        }
        return new ServerErrors(node.toString(), cluster.access().credentials())
                .of("CLUSTER", failure, List.of("cluster|slots"));
    }

    private Topology read(NodeAddress asked, Reply reply) {
        Map<NodeAddress, SlotSet> slots = new LinkedHashMap<>();
        Map<NodeAddress, Set<NodeAddress>> replicas = new LinkedHashMap<>();
        // Each range is an array: first slot, last slot, primary, then its replicas. Their order is not specified.
        List<Reply> ranges = new ArrayList<>(reply.items(0));
        ranges.sort(Comparator.comparingLong(range -> range.items(3).getFirst().number()));
        for (Reply range : ranges) {
            List<Reply> parts = range.items(3);
            SlotSet served = SlotSet.range(
                    (int) parts.get(0).number(), (int) parts.get(1).number());
            NodeAddress primary = address(asked, parts.get(2));
            slots.merge(primary, served, SlotSet::union);
            Set<NodeAddress> followers = replicas.computeIfAbsent(primary, ignored -> new LinkedHashSet<>());
            parts.stream().skip(3).forEach(replica -> followers.add(address(asked, replica)));
        }
        return new Topology(
                slots.entrySet().stream()
                        .map(entry -> new Primary(
                                entry.getKey(),
                                entry.getValue(),
                                List.copyOf(replicas.getOrDefault(entry.getKey(), Set.of()))))
                        .toList(),
                asked);
    }

    /**
     * Returns the reachable address of a node in the reply. A node reports no host if it does not know its own address,
     * or if it is configured not to announce one. In that case the node has the host that was asked.
     *
     * @param asked the node that replied, at the address to which the link is open
     * @param node host and port as the reply contains them
     */
    private NodeAddress address(NodeAddress asked, Reply node) {
        List<Reply> parts = node.items(2);
        int port = (int) parts.get(1).number();
        Reply host = parts.getFirst();
        if (host instanceof Reply.Nil || host.text().isEmpty() || host.text().equals("?")) {
            // The asked address is known to be reachable already, so it does not go through the node map.
            return port == asked.port() ? asked : cluster.nodeMap().resolve(new NodeAddress(asked.host(), port));
        }
        return cluster.nodeMap().resolve(new NodeAddress(host.text(), port));
    }
}
