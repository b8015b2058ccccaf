package io.keysweep.server.console.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.nodes.DeploymentNodes;
import io.keysweep.engine.nodes.NodeState;
import io.keysweep.engine.nodes.ShardNodes;
import io.keysweep.engine.reclaim.ServerProfile.Flavour;
import io.keysweep.engine.sweep.ServerIdentity;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.engine.topology.SlotSet;
import io.keysweep.server.console.instance.TopologyDrawing.DrawnShard;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests how the drawing of nodes shows slots, versions, many primaries, and replicas without a link. */
final class TopologyDrawingTest {

    @Test
    void of_slotsInManyRanges_namesTheFirstThreeRanges_andDrawsAll() {
        DrawnShard shard = draw(List.of(shard("7.0.15", "0-127,200,300-310,16000-16383,15000")))
                .shards()
                .getFirst();

        // Three ranges are written out, and two further ranges are only counted.
        assertThat(shard.slots()).isEqualTo("0-127, 200, 300-310 +2");
        assertThat(shard.slotCount()).isEqualTo(128 + 1 + 11 + 384 + 1);

        // Each position of the bar stands for 128 slots, and ranges in adjacent positions are one part.
        assertThat(shard.bar()).isEqualTo("M0 0h3M117 0h1M125 0h3");
    }

    @Test
    void of_nodesOfOneVersion_namesItOnce_andOfSeveralVersionsNamesNone() {
        assertThat(draw(List.of(shard("7.0.15", "0-9"), shard("7.0.15", "10-19")))
                        .server())
                .isEqualTo("Redis 7.0.15");
        assertThat(draw(List.of(shard("7.0.15", "0-9"), shard("8.0.0", "10-19")))
                        .server())
                .isNull();
    }

    @Test
    void of_aLargeCluster_leavesOutWhatAllNodesHaveInCommon_andIsNotRefreshedByItself() {
        // Each shard has one slot.
        TopologyDrawing small = draw(
                IntStream.range(0, 6).mapToObj(i -> shard("7.0.15", "" + i)).toList());
        assertThat(small.dense()).isFalse();
        assertThat(small.refreshes()).isTrue();

        TopologyDrawing large = draw(
                IntStream.range(0, 101).mapToObj(i -> shard("7.0.15", "" + i)).toList());
        assertThat(large.dense()).isTrue();
        assertThat(large.refreshes()).isFalse();
    }

    @Test
    void drawn_ofTooManyNodes_isTheFirstWithTheProblemsInFront_orAllOnDemand() {
        List<ShardNodes> shards = new ArrayList<>(IntStream.range(0, TopologyDrawing.MAX_DRAWN_NODES)
                .mapToObj(i -> shard("7.0.15", "" + i))
                .toList());
        assertThat(draw(shards).drawn()).hasSize(shards.size());

        NodeState down = new NodeState("a:1", /* ownFacts= */ null, /* replication= */ null, "a:1 is down");
        shards.add(new ShardNodes(SlotSet.NONE, down, List.of(), /* moreReplicas= */ 0));
        TopologyDrawing part = draw(shards);
        assertThat(part.drawn()).hasSize(TopologyDrawing.MAX_DRAWN_NODES);
        assertThat(part.drawn().getFirst().primary().state()).isEqualTo(down);

        TopologyDrawing whole = draw(shards, /* whole= */ true);
        assertThat(whole.drawn()).isEqualTo(whole.shards());
        assertThat(whole.drawn().getLast().primary().state()).isEqualTo(down);
    }

    @Test
    void followProblem_ofAReplica_saysWhetherItsLinkIsDownOrThePrimaryDoesNotListIt() {
        NodeState withoutLink = node("b:1", /* linkUp= */ false);
        NodeState connected = node("b:1", /* linkUp= */ true);

        // The primary could be read, and lists no replica. "unlisted" means that the replica reports a connection to
        // this primary, but the primary does not list it.
        DrawnShard readableShard = drawn(node("a:1", /* linkUp= */ true), withoutLink, connected);
        assertThat(readableShard.replicas().stream().map(readableShard::followProblem))
                .containsExactly("down", "unlisted");

        // The primary could not be read, so nothing is known about its list.
        DrawnShard unreadableShard = drawn(
                new NodeState("a:1", /* ownFacts= */ null, /* replication= */ null, "a:1 is down"),
                withoutLink,
                connected);
        assertThat(unreadableShard.replicas().stream().map(unreadableShard::followProblem))
                .containsExactly("down", null);
    }

    /** Returns the drawing of a shard with these nodes. */
    private static DrawnShard drawn(NodeState primary, NodeState... replicas) {
        return draw(List.of(new ShardNodes(SlotSet.ALL, primary, List.of(replicas), /* moreReplicas= */ 0)))
                .shards()
                .getFirst();
    }

    /** Returns a node that could be read; {@code linkUp} is about its link to its primary. */
    private static NodeState node(String nodeId, boolean linkUp) {
        return new NodeState(nodeId, own("7.0.15", linkUp), /* replication= */ null, /* problem= */ null);
    }

    /** Returns what a node says about itself. */
    private static NodeState.OwnFacts own(String version, boolean linkUp) {
        return new NodeState.OwnFacts(
                new ServerIdentity(Flavour.REDIS, version),
                /* replica= */ false,
                /* follows= */ null,
                linkUp,
                /* usedBytes= */ 1024);
    }

    /** Returns the drawing of a cluster. */
    private static TopologyDrawing draw(List<ShardNodes> shards) {
        return draw(shards, /* whole= */ false);
    }

    private static TopologyDrawing draw(List<ShardNodes> shards, boolean whole) {
        return TopologyDrawing.of(
                DeploymentUri.parse("redis-cluster://127.0.0.1"),
                new DeploymentNodes(shards, SlotSet.NONE, /* problem= */ null),
                List.of(),
                whole);
    }

    /** Returns a shard without replicas. */
    private static ShardNodes shard(String version, String slots) {
        NodeState primary = new NodeState(
                "127.0.0.1:6379", own(version, /* linkUp= */ true), /* replication= */ null, /* problem= */ null);
        return new ShardNodes(SlotSet.parse(slots), primary, List.of(), /* moreReplicas= */ 0);
    }
}
