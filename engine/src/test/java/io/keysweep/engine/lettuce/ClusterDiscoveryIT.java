package io.keysweep.engine.lettuce;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.keysweep.engine.discovery.ClusterDiscovery;
import io.keysweep.engine.discovery.Primary;
import io.keysweep.engine.discovery.Topology;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeMap;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.engine.topology.SlotSet;
import io.keysweep.testkit.FaultProxy;
import io.keysweep.testkit.RedisCluster;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests the search for the primaries of real clusters. */
final class ClusterDiscoveryIT {

    @AutoClose
    private static final NodeConnector connector = new LettuceConnector(Duration.ofMinutes(1), Duration.ofMinutes(1));

    @ParameterizedTest
    @EnumSource(names = {"REDIS_7_0", "REDIS_8_0", "VALKEY_9"})
    void discover_failoverMovedSlotsAndDeadSeed_findsTheNewPrimaries(RedisVersion version) {
        try (RedisCluster cluster = RedisCluster.start(version, /* primaries= */ 3, /* replicas= */ 1)) {
            RedisServer firstNode = cluster.nodes().getFirst();
            RedisServer secondNode = cluster.nodes().get(1);
            RedisServer replica = cluster.nodes().getLast();
            ClusterDiscovery discovery = discovery(List.of(address(firstNode)), NodeMap.NONE);

            Topology topology = discovery.discover();
            assertThat(topology.primaries())
                    .extracting(Primary::address)
                    .containsExactlyElementsOf(cluster.nodes().stream()
                            .limit(3)
                            .map(ClusterDiscoveryIT::address)
                            .toList());
            assertThat(topology.primaries().getFirst().slots()).hasToString("0-5460");
            assertThat(topology.unassigned()).isEqualTo(SlotSet.NONE);

            // The primary lists a replica only after the replica has confirmed an offset.
            try (var client = firstNode.client()) {
                client.call("SET", "bar", "in slot 5061");
            }
            await("the replica is listed")
                    .until(() -> replicasOfFirst(discovery).equals(List.of(address(replica))));

            // After a failover, the replica is the primary of the slots.
            cluster.failover(replica);
            Primary newPrimary = discovery.discover().primaries().getFirst();
            assertThat(newPrimary.address()).isEqualTo(address(replica));
            assertThat(newPrimary.slots()).isEqualTo(SlotSet.range(0, 5460));
            await("the old primary is listed")
                    .until(() -> replicasOfFirst(discovery).equals(List.of(address(firstNode))));

            // Moved slots belong to their new primary.
            cluster.moveSlots(replica, secondNode, 100, 101);
            assertThat(discovery.discover().primaries())
                    .extracting(Primary::slots)
                    .contains(SlotSet.parse("0-99,102-5460"), SlotSet.parse("100,101,5461-10921"));

            // The only seed is dead, so another node is asked.
            cluster.kill(firstNode);
            assertThat(discovery.discover().reportedBy())
                    .as("the node that answers, which only an earlier answer has named")
                    .isEqualTo(address(replica));
        }
    }

    @Test
    void discover_unassignedSlots_areReported() {
        try (RedisServer server = RedisServer.start(RedisVersion.REDIS_7_0, "--cluster-enabled", "yes");
                var client = server.client()) {
            ClusterDiscovery discovery = discovery(List.of(address(server)), NodeMap.NONE);
            assertThat(discovery.discover().unassigned()).isEqualTo(SlotSet.ALL);

            client.call("CLUSTER", "ADDSLOTS", "5", "6");
            // The node has never met another node, so it does not know its own address.
            assertThat(discovery.discover().primaries())
                    .containsExactly(new Primary(
                            address(server), SlotSet.range(5, 6), List.of(), client.callText("CLUSTER", "MYID")));
        }
    }

    /** The first seed was removed from the cluster and reset, but is still in the URI. */
    @Test
    void discover_firstSeedKnowsNoSlots_asksTheNextSeed() {
        try (RedisCluster cluster = RedisCluster.start(RedisVersion.REDIS_7_0, /* primaries= */ 2, /* replicas= */ 0);
                RedisServer removedNode = RedisServer.start(RedisVersion.REDIS_7_0, "--cluster-enabled", "yes")) {
            ClusterDiscovery discovery = discovery(
                    List.of(address(removedNode), address(cluster.nodes().getFirst())), NodeMap.NONE);
            assertThat(discovery.discover().primaries()).hasSize(2);
            assertThat(discovery.discover(address(removedNode)).unassigned()).isEqualTo(SlotSet.NONE);
        }
    }

    @Test
    void discover_seedsOfTwoClusters_areRefused() {
        try (RedisCluster cluster = RedisCluster.start(RedisVersion.REDIS_7_0, /* primaries= */ 1, /* replicas= */ 0);
                RedisCluster otherCluster =
                        RedisCluster.start(RedisVersion.VALKEY_9, /* primaries= */ 1, /* replicas= */ 0)) {
            NodeAddress firstSeed = address(cluster.nodes().getFirst());
            NodeAddress secondSeed = address(otherCluster.nodes().getFirst());

            assertThatExceptionOfType(NodeRefusedException.class)
                    .isThrownBy(() -> discovery(List.of(firstSeed, secondSeed), NodeMap.NONE)
                            .discover())
                    .withMessageContaining(firstSeed + " and " + secondSeed + " belong to different clusters")
                    .matches(e -> e.reason() == Reason.OTHER_DEPLOYMENT);

            Deployment.Cluster clusterWithOtherNodes = new Deployment.Cluster(
                            List.of(firstSeed), Access.OPEN, NodeMap.NONE)
                    .withOtherNodes(List.of(secondSeed));
            ClusterDiscovery discovery = new ClusterDiscovery(connector, clusterWithOtherNodes);

            assertThat(discovery.discover().reportedBy())
                    .as("the node that answers; the other one may have joined another cluster")
                    .isEqualTo(firstSeed);

            cluster.nodes().getFirst().kill();
            assertThatExceptionOfType(NodeRefusedException.class)
                    .isThrownBy(() -> discovery.discover(firstSeed))
                    .withMessageContaining(secondSeed + " belongs to another cluster")
                    .withMessageContaining("if that cluster has been replaced, sweep again");
        }
    }

    /** The request is refused, because a sweep would leave out the single server that the user has named. */
    @Test
    void discover_singleServerAmongTheSeeds_isRefused() {
        try (RedisCluster cluster = RedisCluster.start(RedisVersion.REDIS_7_0, /* primaries= */ 1, /* replicas= */ 0);
                RedisServer single = RedisServer.start(RedisVersion.REDIS_7_0)) {
            NodeAddress node = address(cluster.nodes().getFirst());
            NodeAddress singleServer = address(single);
            for (List<NodeAddress> seeds : List.of(List.of(node, singleServer), List.of(singleServer, node))) {
                assertThatExceptionOfType(NodeRefusedException.class)
                        .as("%s", seeds)
                        .isThrownBy(() -> discovery(seeds, NodeMap.NONE).discover())
                        .withMessageContaining(singleServer + " is not a cluster node")
                        .matches(e -> e.reason() == Reason.OTHER_DEPLOYMENT);
            }
        }
    }

    /** The first seed does not name the other seeds, but they belong to no other cluster. */
    @Test
    void discover_unnamedSeedsOfNoOtherCluster_areAllowed() {
        try (RedisCluster cluster = RedisCluster.start(RedisVersion.REDIS_7_0, /* primaries= */ 2, /* replicas= */ 0);
                FaultProxy proxy =
                        FaultProxy.inFrontOf(cluster.nodes().getLast().port());
                RedisServer removedNode = RedisServer.start(RedisVersion.REDIS_7_0, "--cluster-enabled", "yes")) {
            NodeAddress firstNode = address(cluster.nodes().getFirst());
            NodeAddress proxiedAddress = new NodeAddress("127.0.0.1", proxy.port());
            NodeAddress unreachableSeed = new NodeAddress("127.0.0.1", 1);
            List<NodeAddress> seeds = List.of(firstNode, proxiedAddress, address(removedNode), unreachableSeed);

            assertThat(discovery(seeds, NodeMap.NONE).discover().primaries()).hasSize(2);
        }
    }

    @Test
    void discover_withNodeMap_returnsReachableAddresses() {
        try (RedisCluster cluster = RedisCluster.start(RedisVersion.REDIS_7_0, /* primaries= */ 2, /* replicas= */ 0);
                FaultProxy proxy =
                        FaultProxy.inFrontOf(cluster.nodes().getLast().port())) {
            RedisServer firstNode = cluster.nodes().getFirst();
            RedisServer lastNode = cluster.nodes().getLast();
            NodeMap map = NodeMap.parse(address(lastNode) + "=127.0.0.1:" + proxy.port());

            assertThat(discovery(List.of(address(firstNode)), map).discover().primaries())
                    .extracting(Primary::address)
                    .containsExactly(address(firstNode), new NodeAddress("127.0.0.1", proxy.port()));
        }
    }

    @Test
    void discover_singleServer_isRefusedAsNoClusterNode() {
        try (RedisServer server = RedisServer.start(RedisVersion.REDIS_7_0)) {
            ClusterDiscovery discovery = discovery(List.of(address(server)), NodeMap.NONE);
            assertThatExceptionOfType(NodeRefusedException.class)
                    .isThrownBy(discovery::discover)
                    .withMessageContaining("is not a cluster node");
        }
    }

    private static List<NodeAddress> replicasOfFirst(ClusterDiscovery discovery) {
        return discovery.discover().primaries().getFirst().replicas();
    }

    private static ClusterDiscovery discovery(List<NodeAddress> seeds, NodeMap map) {
        return new ClusterDiscovery(connector, new Deployment.Cluster(seeds, Access.OPEN, map));
    }

    private static NodeAddress address(RedisServer server) {
        return new NodeAddress("127.0.0.1", server.port());
    }
}
