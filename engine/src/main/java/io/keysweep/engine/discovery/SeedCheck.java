package io.keysweep.engine.discovery;

import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.link.UnexpectedReplyException;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Checks that all seeds, the nodes in the user's URI, belong to one cluster.
 *
 * <p>{@link ClusterDiscovery} uses the answer of the first seed that gives one, and the sweep visits only the cluster
 * of that seed. If another seed belongs to another cluster, or is a single server, the user would believe that it was
 * swept, too.
 *
 * <p>Two nodes belong to different clusters if both know slots, and their replies to CLUSTER NODES have no node id in
 * common. Nodes of one cluster know each other's ids even while they cannot reach each other. These seeds are not
 * refused: a seed that does not answer, and a seed that knows no slots because it was removed from its cluster.
 *
 * @param connector opens links to nodes; the caller closes the connector
 * @param cluster the seeds and the credentials for all nodes
 */
record SeedCheck(NodeConnector connector, Deployment.Cluster cluster) {

    /** The number of seeds that are asked at the same time. Seeds that are down then hardly delay the other seeds. */
    private static final int MAX_PARALLEL = 16;

    /**
     * Holds what a seed has answered.
     *
     * @param ids the ids of all nodes that the seed knows; empty if it does not answer, does not report them, or knows
     *     no slots
     * @param isSingleServer whether the seed is no node of a cluster
     */
    private record SeedAnswer(Set<String> ids, boolean isSingleServer) {
        private static final SeedAnswer NONE = new SeedAnswer(Set.of(), /* isSingleServer= */ false);
    }

    /**
     * Refuses seeds of other clusters, and single servers. Connects to the seeds after the one that answered, except
     * those that its answer names as nodes, and blocks until each has answered or failed.
     *
     * @param topology the answer of the first seed that gave a usable one
     * @param ids the ids of all nodes that this seed knows; if empty, clusters cannot be compared
     * @throws NodeRefusedException if a seed serves slots of another cluster, or is a single server
     */
    void refuseOtherClusters(Topology topology, Set<String> ids) {
        List<NodeAddress> seeds = seedsToAsk(topology);
        if (seeds.isEmpty() || topology.primaries().isEmpty()) {
            return;
        }
        // A link belongs to the thread that has opened it, so each seed has a separate thread.
        try (ExecutorService threads =
                Executors.newFixedThreadPool(MAX_PARALLEL, Thread.ofVirtual().factory())) {
            List<CompletableFuture<SeedAnswer>> answers = seeds.stream()
                    .map(seed -> CompletableFuture.supplyAsync(() -> ask(seed), threads))
                    .toList();
            for (int i = 0; i < seeds.size(); i++) {
                SeedAnswer answer = answers.get(i).join();
                if (answer.isSingleServer()) {
                    throw ClusterDiscovery.notAClusterNode(seeds.get(i));
                }
                Set<String> otherIds = answer.ids();
                if (!ids.isEmpty() && !otherIds.isEmpty() && Collections.disjoint(ids, otherIds)) {
                    throw differentClusters(topology.reportedBy(), seeds.get(i));
                }
            }
        }
    }

    /** Returns the seeds after the one that answered, without the seeds that its answer names. */
    private List<NodeAddress> seedsToAsk(Topology topology) {
        List<NodeAddress> namedNodes = topology.nodes();
        // The discovery has already asked the seeds up to the one that answered. The index is -1 if the answer is from
        // a node that is no seed; all seeds were asked before it, so there are none left to ask.
        int index = cluster.seeds().indexOf(topology.reportedBy());
        return index < 0
                ? List.of()
                : cluster.seeds().stream()
                        .skip(index + 1L)
                        .filter(seed -> !namedNodes.contains(seed))
                        .toList();
    }

    private SeedAnswer ask(NodeAddress seed) {
        try (NodeLink link = connector.open(seed, cluster.access())) {
            List<Reply> replies = link.call(ClusterDiscovery.TOPOLOGY_COMMANDS).replies();
            if (replies.getFirst() instanceof Reply.Failure failure && ClusterDiscovery.isFromSingleServer(failure)) {
                return new SeedAnswer(Set.of(), /* isSingleServer= */ true);
            }
            boolean servesSlots = replies.getFirst() instanceof Reply.Items ranges
                    && !ranges.values().isEmpty();
            return servesSlots
                    ? new SeedAnswer(NodeIds.allIds(replies.getLast()), /* isSingleServer= */ false)
                    : SeedAnswer.NONE;
        } catch (NodeRefusedException | LinkBrokenException | UnexpectedReplyException e) {
            // The sweep does not need this seed.
            return SeedAnswer.NONE;
        }
    }

    private static NodeRefusedException differentClusters(NodeAddress first, NodeAddress other) {
        return new NodeRefusedException(
                other.toString(),
                Reason.OTHER_DEPLOYMENT,
                first + " and " + other
                        + " belong to different clusters, and only one of them would be swept; name nodes of one"
                        + " cluster, and sweep the other one by itself");
    }
}
