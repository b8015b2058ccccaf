package io.keysweep.engine.discovery;

import io.keysweep.engine.link.Command;
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
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the primaries of a cluster by sending CLUSTER SLOTS to one node after the other until a node gives a usable
 * answer.
 *
 * <p>It starts with the seeds, the nodes in the user's URI. Every version since 4.0 answers CLUSTER SLOTS, even while
 * the cluster is down. The reply says which node serves which slots, the 16384 parts of the keys.
 *
 * <p>{@link NodeAddresses} finds the address of each node in the reply. The discovery remembers the nodes of the latest
 * answer, so it still works when all seeds have been removed from the cluster. {@link SeedCheck} refuses seeds of
 * different clusters, and seeds that are single servers. Not thread-safe.
 */
public final class ClusterDiscovery implements Discovery {

    /** The commands that each node gets. Of the reply to CLUSTER NODES, only the ids of the nodes are used. */
    static final List<Command> TOPOLOGY_COMMANDS =
            List.of(Command.of("CLUSTER", "SLOTS"), Command.of("CLUSTER", "NODES"));

    private final NodeConnector connector;
    private final Deployment.Cluster cluster;
    private List<NodeAddress> nodesOfLatestAnswer = List.of();

    /** The ids of all nodes that the node of the latest answer knows; empty if it does not report them. */
    private Set<String> idsOfLatestAnswer = Set.of();

    /**
     * The refusal of the first seed that turned out to be a single server in the latest discovery; null if there is
     * none.
     */
    private @Nullable NodeRefusedException singleServerRefusal;

    /**
     * Holds the answer of one node.
     *
     * @param topology the primaries that the node names
     * @param ownId the id of the node itself; null if it does not report it
     * @param ids the ids of all nodes that the node knows, also of itself; empty if it does not report them
     */
    private record NodeAnswer(Topology topology, @Nullable String ownId, Set<String> ids) {

        /**
         * Returns whether the answer came from the primary at {@code address}, although the discovery asked a different
         * address. One node can have two addresses.
         */
        boolean isFromPrimaryAt(NodeAddress address) {
            return ownId != null
                    && !topology.reportedBy().equals(address)
                    && ownId.equals(topology.primaryIdAt(address));
        }

        /** Returns this answer as if the node had been asked at the given address. */
        NodeAnswer reportedBy(NodeAddress address) {
            return new NodeAnswer(topology.reportedBy(address), ownId, ids);
        }
    }

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
     * Finds the primaries with {@link #discover(NodeAddress)}, and checks that no two primaries have the same address
     * and that all seeds belong to one cluster. Connects to each seed that the answer does not name.
     *
     * @throws NodeRefusedException as {@link #discover(NodeAddress)}, if two primaries have the same address, or if a
     *     seed serves slots of another cluster or is a single server
     */
    @Override
    public Topology discover() {
        Topology topology = Discovery.super.discover();
        // If other nodes are known, an earlier discovery of the same deployment has checked the seeds.
        if (cluster.otherNodes().isEmpty()) {
            if (singleServerRefusal != null) {
                throw singleServerRefusal;
            }
            new SeedCheck(connector, cluster).refuseOtherClusters(topology, idsOfLatestAnswer);
        }
        return topology;
    }

    /**
     * Asks the seeds, then the other nodes that are known, then {@code lastResort}, and returns the first usable
     * answer:
     *
     * <ul>
     *   <li>An answer of a different cluster than the latest one is not usable.
     *   <li>A node that was removed from its cluster and reset knows no slots. Its answer is returned only if no other
     *       node knows any slots.
     *   <li>{@code lastResort} is asked last, because its answer may be out of date. If it is also a candidate under
     *       another address, its answer from there is used only if no other node gives one with slots.
     * </ul>
     *
     * <p>If some slots have no primary, the topology contains only the assigned slots, see {@link Topology#unassigned}.
     *
     * @throws NodeRefusedException if no node gives a usable answer. The exception is about the first node that named
     *     nodes without a usable address, or otherwise about the first node that was asked
     */
    @Override
    public Topology discover(@Nullable NodeAddress lastResort) {
        SequencedSet<NodeAddress> candidates = new LinkedHashSet<>(knownNodes());
        candidates.addAll(nodesOfLatestAnswer);
        if (lastResort != null) {
            // Unlike add, addLast moves the node to the end if it is a candidate already.
            candidates.addLast(lastResort);
        }

        singleServerRefusal = null;
        NodeRefusedException refusal = null;
        NodeAnswer answerOfLastResort = null;
        NodeAnswer answerWithoutSlots = null;

        for (NodeAddress node : candidates) {
            try {
                NodeAnswer answer = ask(node);
                if (isFromOtherCluster(answer)) {
                    refusal = moreHelpful(refusal, otherCluster(node));
                } else if (lastResort != null && answer.isFromPrimaryAt(lastResort)) {
                    // The node is the one of last resort, asked under another address such as the host name of a seed.
                    // Its answer may be out of date, so the other nodes are asked first.
                    answerOfLastResort = answer.reportedBy(lastResort);
                } else if (!answer.topology().primaries().isEmpty()) {
                    return remember(answer);
                } else if (answerWithoutSlots == null) {
                    answerWithoutSlots = answer;
                }
            } catch (NodeRefusedException e) {
                refusal = moreHelpful(refusal, e);
                boolean isSeed = cluster.seeds().contains(node);
                if (isSeed && singleServerRefusal == null && e.reason() == Reason.OTHER_DEPLOYMENT) {
                    singleServerRefusal = e;
                }
            }
        }

        // No other node has given a usable answer with slots.
        if (answerOfLastResort != null) {
            return remember(answerOfLastResort);
        }
        if (answerWithoutSlots != null) {
            return remember(answerWithoutSlots);
        }
        if (refusal == null) {
            // A cluster has at least one seed, so this cannot happen.
            throw new IllegalStateException("no node was asked");
        }
        throw refusal;
    }

    /** Returns the seeds, followed by the other nodes of the deployment that are known. */
    private List<NodeAddress> knownNodes() {
        return Stream.concat(cluster.seeds().stream(), cluster.otherNodes().stream())
                .distinct()
                .toList();
    }

    /** Keeps the nodes of the answer to ask them the next time, and returns its topology. */
    private Topology remember(NodeAnswer answer) {
        nodesOfLatestAnswer = answer.topology().nodes();
        // A node that was removed and reset knows only itself, so its answer does not tell which nodes the cluster has.
        if (!answer.topology().primaries().isEmpty()) {
            idsOfLatestAnswer = answer.ids();
        }
        return answer.topology();
    }

    /**
     * Returns whether the answer has slots, but names no node that the latest answer named. The address of a node that
     * has left the cluster may lead to a node of another one, whose primaries must not be swept.
     */
    private boolean isFromOtherCluster(NodeAnswer answer) {
        return !answer.topology().primaries().isEmpty()
                && !answer.ids().isEmpty()
                && !idsOfLatestAnswer.isEmpty()
                && Collections.disjoint(answer.ids(), idsOfLatestAnswer);
    }

    private static NodeRefusedException otherCluster(NodeAddress node) {
        return new NodeRefusedException(
                node.toString(),
                Reason.TOPOLOGY_UNCLEAR,
                node + " belongs to another cluster than the nodes that answered before; if that cluster has been"
                        + " replaced, sweep again, otherwise correct the URI");
    }

    /**
     * Returns the refusal that helps the user more; the first refusal if both help alike. A node that named unusable
     * addresses shows the mistake better than a node that is down.
     */
    private static NodeRefusedException moreHelpful(@Nullable NodeRefusedException first, NodeRefusedException second) {
        if (first == null) {
            return second;
        }
        boolean isSecondBetter =
                second.reason() == Reason.TOPOLOGY_UNCLEAR && first.reason() != Reason.TOPOLOGY_UNCLEAR;
        return isSecondBetter ? second : first;
    }

    /**
     * Returns a node's description of the cluster.
     *
     * @throws NodeRefusedException if the node is unreachable, refuses the command or names nodes without a usable
     *     address
     */
    private NodeAnswer ask(NodeAddress node) {
        List<Reply> replies;
        try (NodeLink link = connector.open(node, cluster.access())) {
            replies = link.call(TOPOLOGY_COMMANDS).replies();
        } catch (LinkBrokenException e) {
            throw noUsableAnswer(node, e);
        }
        if (replies.getFirst() instanceof Reply.Failure failure) {
            throw refusal(node, failure);
        }
        // A node that does not reply to CLUSTER NODES is refused later, when it is swept.
        String ownId = NodeIds.ownId(replies.getLast());
        try {
            return new NodeAnswer(
                    topology(node, ownId, ClusterSlots.of(replies.getFirst())),
                    ownId,
                    NodeIds.allIds(replies.getLast()));
        } catch (UnexpectedReplyException | IllegalArgumentException e) {
            throw noUsableAnswer(node, e);
        }
    }

    /** Returns the exception for a broken connection or an answer that makes no sense. */
    private static NodeRefusedException noUsableAnswer(NodeAddress node, RuntimeException e) {
        return new NodeRefusedException(
                node.toString(), Reason.UNREACHABLE, node + " did not describe the cluster: " + e.getMessage());
    }

    /** Returns the exception that explains an error reply to CLUSTER SLOTS. */
    private NodeRefusedException refusal(NodeAddress node, Reply.Failure failure) {
        if (isFromSingleServer(failure)) {
            return notAClusterNode(node);
        }
        return new ServerErrors(node.toString(), cluster.access().credentials())
                .of("CLUSTER", failure, List.of("cluster|slots"));
    }

    /** Returns whether the reply to CLUSTER SLOTS shows that the server is no node of a cluster. */
    static boolean isFromSingleServer(Reply.Failure failure) {
        return failure.message().contains("cluster support disabled");
    }

    /** Returns the exception for a server that is no node of a cluster. */
    static NodeRefusedException notAClusterNode(NodeAddress node) {
        return new NodeRefusedException(
                node.toString(),
                Reason.OTHER_DEPLOYMENT,
                node + " is not a cluster node (cluster support disabled); address it as a single server, redis://"
                        + node);
    }

    /**
     * Returns the topology that a reply describes. Connects to further nodes if the reply alone does not show where a
     * primary is.
     *
     * @param reporter the address of the node that replied
     * @param reporterId the id of the node that replied; null if it does not report it
     */
    private Topology topology(NodeAddress reporter, @Nullable String reporterId, ClusterSlots reply) {
        NodeProbe probe = new NodeProbe(connector, cluster.access());
        probe.learn(reporter, reporterId);
        NodeAddresses addresses = new NodeAddresses(
                probe,
                cluster.nodeMap(),
                knownNodes(),
                reporter,
                reporterId,
                reply.nodes().values());
        List<Primary> primaries = new ArrayList<>();
        reply.slots().forEach((id, slots) -> {
            NodeAddress address = addresses.ofPrimary(reply.node(id));
            List<NodeAddress> replicas = reply.replicasOf(id).stream()
                    .map(addresses::ofReplica)
                    .flatMap(Optional::stream)
                    .distinct()
                    .toList();
            primaries.add(new Primary(address, slots, replicas, id));
        });
        return new Topology(primaries, reporter);
    }
}
