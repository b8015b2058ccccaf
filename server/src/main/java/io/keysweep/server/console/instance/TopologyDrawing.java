package io.keysweep.server.console.instance;

import io.keysweep.api.SweepView;
import io.keysweep.engine.nodes.DeploymentNodes;
import io.keysweep.engine.nodes.NodeState;
import io.keysweep.engine.nodes.ShardNodes;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.SlotSet;
import io.keysweep.server.console.page.PageFormat;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Prepares the nodes of an instance for the drawing on its page: each primary with its slots and its replicas.
 *
 * <p>The methods that templates call are public.
 *
 * @param shards all primaries with their replicas
 * @param whole whether all primaries of a large cluster are drawn
 * @param sentinels the addresses of the sentinels; empty without Sentinel
 * @param missing the slots of a cluster that no primary serves, as the first ranges; empty if there are none
 * @param problem why the primaries could not be found; null if they were found
 * @param server the product and version of all nodes; null if they differ or none was read
 * @param cluster whether the instance is a cluster
 */
record TopologyDrawing(
        List<DrawnShard> shards,
        boolean whole,
        List<String> sentinels,
        String missing,
        @Nullable String problem,
        @Nullable String server,
        boolean cluster) {

    /** The width of the bar that shows where the slots of a primary are; each position stands for 128 slots. */
    static final int BAR_WIDTH = 128;

    /** The number of ranges of slots that are written out. */
    private static final int MAX_RANGES = 3;

    /** The number of primaries above which the drawing leaves out what all nodes have in common. */
    private static final int MANY_SHARDS = 6;

    /** The number of nodes that are drawn at first. More of them would make the page of the instance too large. */
    static final int MAX_DRAWN_NODES = 48;

    /** The number of nodes up to which an open page reads them again and again. */
    private static final int MAX_REFRESHED_NODES = 100;

    /**
     * Describes a primary with its slots and replicas.
     *
     * @param primary the node that the deployment names as primary
     * @param slots the slots, as the first ranges; empty outside a cluster
     * @param slotCount the number of slots
     * @param bar the filled parts of the bar of slots, as an SVG path along the upper edge of the bar: {@code M3 0h2} is
     *     a part of two positions that begins at position 3. A primary can have dozens of parts, so their markup is short
     * @param sweep the unfinished sweep of the primary by a scan that runs now; null for none
     * @param replicas the replicas
     * @param moreReplicas the number of replicas that are left out
     */
    record DrawnShard(
            DrawnNode primary,
            String slots,
            int slotCount,
            String bar,
            @Nullable SweepView sweep,
            List<DrawnNode> replicas,
            int moreReplicas) {

        /**
         * Returns why a replica that was read does not follow its primary. The reason is {@code down} if the replica
         * has no connection to the primary. It is {@code unlisted} if the replica reports a connection, but the primary
         * does not list the replica. Returns null if the replica seems to follow.
         */
        public @Nullable String followProblem(DrawnNode replica) {
            NodeState.OwnFacts facts = replica.state().ownFacts();
            if (facts == null || replica.state().replication() != null) {
                return null;
            }
            if (!facts.linkUp()) {
                return "down";
            }
            return primary.state().ownFacts() == null ? null : "unlisted";
        }

        /**
         * Returns whether a node of the shard was not read, is not what the deployment says, or lags behind a
         * synchronisation.
         */
        boolean hasProblem() {
            NodeState.OwnFacts facts = primary.state().ownFacts();
            return facts == null
                    || facts.replica()
                    || replicas.stream().anyMatch(replica -> isProblem(replica) || followProblem(replica) != null);
        }

        private static boolean isProblem(DrawnNode replica) {
            NodeState.Replication replication = replica.state().replication();
            return replication == null ? replica.state().ownFacts() == null : replication.synchronising();
        }

        /** Returns the number of nodes that the drawing of the shard shows. */
        int nodes() {
            return 1 + replicas.size();
        }
    }

    /**
     * Describes a node.
     *
     * @param state what was read
     * @param server the product and version; null if the node was not read
     */
    record DrawnNode(NodeState state, @Nullable String server) {}

    /**
     * Prepares nodes for the drawing.
     *
     * @param sweeps the sweeps of the scan that is active now; empty without one
     * @param whole whether all primaries of a large cluster are drawn
     */
    static TopologyDrawing of(Deployment deployment, DeploymentNodes nodes, List<SweepView> sweeps, boolean whole) {
        boolean cluster = deployment instanceof Deployment.Cluster;
        List<DrawnShard> shards = nodes.shards().stream()
                .map(shard -> draw(shard, cluster, sweeps))
                .toList();
        List<String> servers = allNodes(shards)
                .flatMap(node -> Stream.ofNullable(node.server()))
                .distinct()
                .toList();
        return new TopologyDrawing(
                shards,
                whole,
                deployment instanceof Deployment.Sentinel sentinel
                        ? sentinel.sentinels().stream().map(Object::toString).toList()
                        : List.of(),
                PageFormat.firstRanges(nodes.unassigned().toString(), MAX_RANGES),
                nodes.problem(),
                servers.size() == 1 ? servers.getFirst() : null,
                cluster);
    }

    /** Prepares a primary with its replicas, and finds the unfinished sweep of the primary. */
    private static DrawnShard draw(ShardNodes shard, boolean cluster, List<SweepView> sweeps) {
        return new DrawnShard(
                draw(shard.primary()),
                cluster ? PageFormat.firstRanges(shard.slots().toString(), MAX_RANGES) : "",
                shard.slots().size(),
                bar(shard.slots()),
                sweeps.stream()
                        .filter(sweep -> !sweep.finished())
                        // Outside a cluster there is one sweep. Its node id can name the sentinels.
                        .filter(sweep -> !cluster || shard.primary().nodeId().equals(address(sweep)))
                        .findFirst()
                        .orElse(null),
                shard.replicas().stream().map(TopologyDrawing::draw).toList(),
                shard.moreReplicas());
    }

    private static String address(SweepView sweep) {
        String primary = sweep.primary();
        return primary == null ? sweep.nodeId() : primary;
    }

    private static DrawnNode draw(NodeState state) {
        NodeState.OwnFacts facts = state.ownFacts();
        return new DrawnNode(
                state,
                facts == null
                        ? null
                        : PageFormat.product(
                                facts.identity().flavour().name(),
                                facts.identity().version()));
    }

    /** Returns the path of the filled parts. A position is filled if the primary has at least one of its slots. */
    private static String bar(SlotSet slots) {
        int slotsPerPosition = SlotSet.COUNT / BAR_WIDTH;
        StringBuilder path = new StringBuilder();
        int[] positions =
                slots.slots().map(slot -> slot / slotsPerPosition).distinct().toArray();
        int start = 0;
        for (int i = 0; i < positions.length; i++) {
            // A filled part ends at the last position, and where the next position is not a neighbour.
            if (i + 1 == positions.length || positions[i + 1] != positions[i] + 1) {
                path.append('M').append(positions[start]).append(" 0h").append(positions[i] - positions[start] + 1);
                start = i + 1;
            }
        }
        return path.toString();
    }

    private static Stream<DrawnNode> allNodes(List<DrawnShard> shards) {
        return shards.stream().flatMap(shard -> Stream.concat(Stream.of(shard.primary()), shard.replicas().stream()));
    }

    /**
     * Returns the primaries that are drawn. These are all, unless the cluster is too large; then the first ones are
     * drawn, those with problems and those that are swept before the others.
     */
    public List<DrawnShard> drawn() {
        if (whole || !isTooLarge()) {
            return shards;
        }
        List<DrawnShard> drawn = new ArrayList<>();
        int nodes = 0;
        for (DrawnShard shard : shards.stream()
                .sorted(Comparator.comparing((DrawnShard shard) -> !shard.hasProblem())
                        .thenComparing(shard -> shard.sweep() == null))
                .toList()) {
            nodes += shard.nodes();
            if (nodes > MAX_DRAWN_NODES) {
                break;
            }
            drawn.add(shard);
        }
        return drawn;
    }

    /** Returns whether there are so many nodes that not all are drawn at first. */
    public boolean isTooLarge() {
        return shards.stream().mapToInt(DrawnShard::nodes).sum() > MAX_DRAWN_NODES;
    }

    /** Returns the number of all replicas, including the replicas that are left out. */
    public int replicas() {
        return shards.stream()
                .mapToInt(shard -> shard.replicas().size() + shard.moreReplicas())
                .sum();
    }

    /** Returns the number of nodes that could not be read. */
    public long silent() {
        return allNodes(shards).filter(node -> node.state().ownFacts() == null).count();
    }

    /** Returns whether there are so many primaries that each is drawn small. */
    public boolean dense() {
        return shards.size() > MANY_SHARDS;
    }

    /**
     * Returns whether an open page reads the nodes again from time to time; in a large cluster, that costs too much.
     */
    public boolean refreshes() {
        return shards.size() + replicas() <= MAX_REFRESHED_NODES;
    }
}
