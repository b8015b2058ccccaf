package io.keysweep.engine.nodes;

import io.keysweep.engine.discovery.Discovery;
import io.keysweep.engine.discovery.Primary;
import io.keysweep.engine.discovery.Topology;
import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.ReplicaLine;
import io.keysweep.engine.link.ServerErrors;
import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.link.UnexpectedReplyException;
import io.keysweep.engine.reclaim.MethodSelector;
import io.keysweep.engine.sweep.ServerIdentity;
import io.keysweep.engine.sweep.ServerStatus;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeMap;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.SlotSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Reads which nodes a deployment has: its primaries, their replicas, and how far each replica is behind.
 *
 * <p>The reader opens a connection to each node, sends INFO and closes the connection. It accesses no key. The result
 * also contains each node that does not answer, with the reason.
 *
 * <p>Replicas come from the cluster's description and from the INFO reply of their primary. The reader connects to the
 * address that a replica announces. If the user's node map names another address for it, the reader uses that one,
 * because an announced address may be reachable only from the other nodes. Thread-safe.
 */
public final class DeploymentReader {

    /** The largest number of replicas of one primary that are read; few primaries have more. */
    public static final int MAX_REPLICAS = 20;

    /** The number of nodes that are read at the same time. Nodes that are down then hardly delay the other nodes. */
    private static final int MAX_PARALLEL = 16;

    private final NodeConnector connector;

    /**
     * Creates a reader.
     *
     * @param connector opens links to nodes; the caller closes the connector
     */
    public DeploymentReader(NodeConnector connector) {
        this.connector = connector;
    }

    /**
     * Contains the answer of a node to INFO, or the reason why there is none.
     *
     * @param info the reply to INFO; null without a usable reply
     * @param problem why there is no usable reply, as a sentence for users; null if there is a usable reply
     */
    private record InfoAnswer(
            @Nullable ServerInfo info, @Nullable String problem) {}

    /**
     * Reads all nodes. Blocks until each has answered or its connection has timed out; this takes a few seconds at
     * most.
     */
    public DeploymentNodes read(Deployment deployment) {
        Topology topology;
        try {
            topology = Discovery.of(connector, deployment).discover();
        } catch (NodeRefusedException e) {
            return new DeploymentNodes(List.of(), SlotSet.NONE, String.valueOf(e.getMessage()));
        }
        // A link belongs to the thread that has opened it, so each node has a separate thread.
        try (ExecutorService threads =
                Executors.newFixedThreadPool(MAX_PARALLEL, Thread.ofVirtual().factory())) {
            // The primaries are read first, because their INFO replies name replicas.
            Map<NodeAddress, InfoAnswer> primaries =
                    ask(topology.primaries().stream().map(Primary::address).toList(), deployment.access(), threads);

            Map<Primary, SequencedMap<NodeAddress, ReplicaLine>> linesByPrimary = new LinkedHashMap<>();
            SequencedSet<NodeAddress> replicaAddresses = new LinkedHashSet<>();
            for (Primary primary : topology.primaries()) {
                SequencedMap<NodeAddress, ReplicaLine> lines =
                        linesByAddress(primaries.get(primary.address()), deployment.nodeMap());
                linesByPrimary.put(primary, lines);
                replicaAddresses.addAll(replicasToRead(knownReplicas(primary, lines)));
            }

            Map<NodeAddress, InfoAnswer> replicas = ask(replicaAddresses, deployment.access(), threads);

            return new DeploymentNodes(
                    topology.primaries().stream()
                            .map(primary -> describeShard(
                                    primary,
                                    primaries.get(primary.address()),
                                    linesByPrimary.getOrDefault(primary, new LinkedHashMap<>()),
                                    replicas))
                            .toList(),
                    topology.unassigned(),
                    /* problem= */ null);
        }
    }

    private Map<NodeAddress, InfoAnswer> ask(Collection<NodeAddress> nodes, Access access, ExecutorService threads) {
        List<NodeAddress> distinctNodes = nodes.stream().distinct().toList();
        List<CompletableFuture<InfoAnswer>> futures = distinctNodes.stream()
                .map(node -> CompletableFuture.supplyAsync(() -> ask(node, access), threads))
                .toList();
        Map<NodeAddress, InfoAnswer> answers = new HashMap<>();
        for (int i = 0; i < distinctNodes.size(); i++) {
            answers.put(distinctNodes.get(i), futures.get(i).join());
        }
        return answers;
    }

    private InfoAnswer ask(NodeAddress node, Access access) {
        ServerErrors errors = new ServerErrors(node.toString(), access.credentials());
        try (NodeLink link = connector.open(node, access)) {
            return new InfoAnswer(ServerInfo.read(link, errors, MethodSelector.neededCommands()), /* problem= */ null);
        } catch (NodeRefusedException e) {
            return new InfoAnswer(/* info= */ null, String.valueOf(e.getMessage()));
        } catch (LinkBrokenException e) {
            return new InfoAnswer(
                    /* info= */ null, String.valueOf(errors.broken(e).getMessage()));
        } catch (UnexpectedReplyException e) {
            return new InfoAnswer(
                    /* info= */ null, String.valueOf(errors.unexpected(e).getMessage()));
        }
    }

    /**
     * Returns the lines of a primary's INFO reply that describe replicas, by the address at which Keysweep reaches the
     * replica.
     */
    private static SequencedMap<NodeAddress, ReplicaLine> linesByAddress(@Nullable InfoAnswer primary, NodeMap map) {
        SequencedMap<NodeAddress, ReplicaLine> lines = new LinkedHashMap<>();
        if (primary != null && primary.info() != null) {
            for (ReplicaLine line : ReplicaLine.of(primary.info())) {
                try {
                    lines.put(map.resolve(NodeAddress.announced(line.host(), line.port())), line);
                } catch (IllegalArgumentException e) {
                    // A client such as redis-cli --replica announces no address; it is not a node of the deployment.
                }
            }
        }
        return lines;
    }

    /** Returns the addresses of all known replicas of a primary. The addresses in its INFO reply come first. */
    private static SequencedSet<NodeAddress> knownReplicas(
            Primary primary, SequencedMap<NodeAddress, ReplicaLine> lines) {
        SequencedSet<NodeAddress> addresses = new LinkedHashSet<>(lines.keySet());
        addresses.addAll(primary.replicas());
        return addresses;
    }

    /** Returns the replicas that are read, which are the first {@link #MAX_REPLICAS}. */
    private static List<NodeAddress> replicasToRead(SequencedSet<NodeAddress> knownReplicas) {
        return knownReplicas.stream().limit(MAX_REPLICAS).toList();
    }

    private static ShardNodes describeShard(
            Primary primary,
            @Nullable InfoAnswer answer,
            SequencedMap<NodeAddress, ReplicaLine> lines,
            Map<NodeAddress, InfoAnswer> replicas) {
        ServerInfo info = answer == null ? null : answer.info();
        long offset = info == null ? 0 : info.number("master_repl_offset").orElse(0);
        SequencedSet<NodeAddress> knownReplicas = knownReplicas(primary, lines);
        List<NodeState> states = new ArrayList<>();
        for (NodeAddress address : replicasToRead(knownReplicas)) {
            ReplicaLine line = lines.get(address);
            InfoAnswer replicaAnswer = replicas.get(address);
            // If the node map names a replica by its id, its address differs from the one in the INFO reply of the
            // primary. The replica is then in the result already, under the address from the INFO reply.
            boolean isListedUnderMappedAddress = line == null && !lines.isEmpty() && follows(replicaAnswer, info);
            if (!isListedUnderMappedAddress) {
                states.add(describeReplica(address, line, offset, replicaAnswer, info));
            }
        }
        return new ShardNodes(
                primary.slots(),
                new NodeState(
                        primary.address().toString(),
                        info == null ? null : factsOf(info),
                        /* replication= */ null,
                        answer == null ? null : answer.problem()),
                states,
                Math.max(0, knownReplicas.size() - MAX_REPLICAS));
    }

    private static NodeState describeReplica(
            NodeAddress address,
            @Nullable ReplicaLine line,
            long offset,
            @Nullable InfoAnswer answer,
            @Nullable ServerInfo primary) {
        NodeState.Replication replication = line == null
                ? null
                : new NodeState.Replication(
                        line.state(), line.synchronising(offset), line.bytesBehind(offset), line.secondsSinceReply());
        ServerInfo info = answer == null ? null : answer.info();
        // The primary reports that this replica is online. If the answer comes from a server that does not follow the
        // primary, the address leads to another server, whose facts would mislead. During a synchronisation the answer
        // proves nothing, because the replica does not follow the primary yet.
        boolean isOtherServer = info != null
                && line != null
                && line.online()
                && !line.synchronising(offset)
                && !follows(answer, primary);
        String problem = answer == null ? null : answer.problem();
        if (isOtherServer) {
            problem = "another server answers at " + address
                    + ", and not the replica; correct the address with the node map";
        }
        return new NodeState(
                address.toString(), info == null || isOtherServer ? null : factsOf(info), replication, problem);
    }

    /**
     * Returns whether a node is a replica of the given primary: connected to a primary, with the same replication id.
     */
    private static boolean follows(@Nullable InfoAnswer answer, @Nullable ServerInfo primary) {
        ServerInfo info = answer == null ? null : answer.info();
        return info != null
                && primary != null
                && ServerStatus.isReplica(info)
                && info.is("master_link_status", "up")
                && info.text("master_replid").equals(primary.text("master_replid"));
    }

    private static NodeState.OwnFacts factsOf(ServerInfo info) {
        boolean isReplica = ServerStatus.isReplica(info);
        return new NodeState.OwnFacts(
                ServerIdentity.of(info),
                isReplica,
                isReplica
                        ? info.text("master_host").orElse("?") + ":"
                                + info.text("master_port").orElse("?")
                        : null,
                !isReplica || info.is("master_link_status", "up"),
                info.number("used_memory").orElse(0));
    }
}
