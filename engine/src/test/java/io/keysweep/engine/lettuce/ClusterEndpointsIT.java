package io.keysweep.engine.lettuce;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.keysweep.engine.deployment.DeploymentListener;
import io.keysweep.engine.deployment.DeploymentReport;
import io.keysweep.engine.deployment.DeploymentRequest;
import io.keysweep.engine.deployment.DeploymentSweep;
import io.keysweep.engine.deployment.SweepRound;
import io.keysweep.engine.discovery.Primary;
import io.keysweep.engine.estimate.BacklogEstimator;
import io.keysweep.engine.estimate.Estimate;
import io.keysweep.engine.estimate.EstimateRequest;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.sweep.Timing;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeMap;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.engine.topology.Shard;
import io.keysweep.testkit.ClusterKeys;
import io.keysweep.testkit.RedisCluster;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests real clusters whose nodes announce no address, an address that cannot be reached, or all the same one. */
final class ClusterEndpointsIT {

    private static final int LIVE = 200;
    private static final int DEAD = 100;
    private static final int ANNOUNCED_PORT = 6379;

    /** Ignores all events. */
    private static final DeploymentListener SILENT = new DeploymentListener() {
        @Override
        public void onRound(SweepRound round) {}

        @Override
        public void onEvent(Shard shard, SweepEvent event) {}
    };

    @AutoClose
    private static final SweepEngine engine = LettuceEngine.sweepEngine();

    @AutoClose
    private static final BacklogEstimator estimator = LettuceEngine.estimator();

    @ParameterizedTest
    @EnumSource(names = {"REDIS_7_0", "VALKEY_9"})
    void sweep_clusterWithoutUsableEndpoints_coversEveryPrimary(RedisVersion version) throws InterruptedException {
        try (RedisCluster cluster = RedisCluster.start(version, /* primaries= */ 2, /* replicas= */ 2)) {
            NodeAddress firstNode = address(cluster.nodes().getFirst());
            List<NodeAddress> primaries = cluster.primaries().stream()
                    .map(ClusterEndpointsIT::address)
                    .toList();

            configure(cluster, "cluster-preferred-endpoint-type", "unknown-endpoint");
            assertSwept(cluster, cluster(NodeMap.NONE, firstNode));
            assertThat(estimate(cluster(NodeMap.NONE, firstNode)))
                    .as("the nodes that are counted, which are the replicas")
                    .extracting(Estimate::countedOn)
                    .containsExactlyElementsOf(cluster.primaries().stream()
                            .map(primary -> address(cluster.replicasOf(primary).getFirst())
                                    .toString())
                            .toList());

            configure(cluster, "cluster-preferred-endpoint-type", "hostname");
            assertSwept(cluster, cluster(NodeMap.NONE, firstNode));

            // Each node now announces "?" and the same port, as behind NAT, where no endpoint belongs to one node.
            configure(cluster, "cluster-announce-port", Integer.toString(ANNOUNCED_PORT));
            awaitPort(cluster);
            assertThatExceptionOfType(NodeRefusedException.class)
                    .isThrownBy(() -> engine.discover(cluster(NodeMap.NONE, firstNode)))
                    .matches(e -> e.reason() == Reason.TOPOLOGY_UNCLEAR)
                    .withMessageContaining(firstNode + " names node "
                            + cluster.id(cluster.nodes().get(1)) + " at '?'")
                    .withMessageContaining("map the node by its id");
            assertSwept(cluster, cluster(NodeMap.NONE, primaries.toArray(NodeAddress[]::new)));
            assertSwept(cluster, cluster(byId(cluster), firstNode));

            configure(cluster, "cluster-preferred-endpoint-type", "ip");
            assertSwept(cluster, cluster(NodeMap.NONE, primaries.toArray(NodeAddress[]::new)));
            assertSwept(cluster, cluster(byId(cluster), firstNode));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"REDIS_8_0"})
    void sweep_clusterWithUnreachableHostNames_isMappedByHostAndChecksTheIds(RedisVersion version)
            throws InterruptedException {
        try (RedisCluster cluster = RedisCluster.start(
                version,
                /* primaries= */ 2,
                /* replicas= */ 0,
                "--cluster-announce-hostname",
                "node.invalid",
                "--cluster-preferred-endpoint-type",
                "hostname")) {
            NodeAddress firstNode = address(cluster.nodes().getFirst());
            NodeAddress secondNode = address(cluster.nodes().getLast());

            // With a node map of the host name, the cluster is swept, whatever endpoint the nodes prefer.
            assertSwept(cluster, cluster(NodeMap.parse("node.invalid=127.0.0.1"), firstNode));

            configure(cluster, "cluster-preferred-endpoint-type", "ip");
            assertSwept(cluster, cluster(NodeMap.parse("NODE.invalid=localhost"), firstNode));

            // A node map is refused if it does not lead to the announced node.
            NodeMap swappedMap = NodeMap.parse(firstNode + "=" + secondNode + "," + secondNode + "=" + firstNode);
            assertThatExceptionOfType(NodeRefusedException.class)
                    .isThrownBy(() -> engine.inspect(
                            cluster(swappedMap, firstNode),
                            engine.discover(cluster(swappedMap, firstNode))
                                    .shards()
                                    .getFirst()))
                    .matches(e -> e.reason() == Reason.TOPOLOGY_UNCLEAR)
                    .withMessageContaining(secondNode + " is node "
                            + cluster.id(cluster.nodes().getLast()))
                    .withMessageContaining("correct the node map");
            assertThatExceptionOfType(NodeRefusedException.class)
                    .isThrownBy(() -> engine.discover(cluster(NodeMap.parse(secondNode + "=" + firstNode), firstNode)))
                    .matches(e -> e.reason() == Reason.TOPOLOGY_UNCLEAR)
                    .withMessageContaining("both have the address " + firstNode);
        }
    }

    /** Changes a setting of all nodes. */
    private static void configure(RedisCluster cluster, String setting, String value) {
        for (RedisServer node : cluster.nodes()) {
            try (RespClient client = node.client()) {
                client.call("CONFIG", "SET", setting, value);
            }
        }
    }

    /** Waits until the nodes have told each other the announced port. */
    private static void awaitPort(RedisCluster cluster) {
        await("all nodes know the announced port")
                .until(() -> cluster.nodes().stream().allMatch(node -> {
                    try (RespClient client = node.client()) {
                        return client.callText("CLUSTER", "NODES")
                                .lines()
                                .allMatch(line -> line.contains(":" + ANNOUNCED_PORT + "@"));
                    }
                }));
    }

    /** Returns a map from the id of each node to its address. */
    private static NodeMap byId(RedisCluster cluster) {
        return NodeMap.parse(cluster.nodes().stream()
                .map(node -> cluster.id(node) + "=" + address(node))
                .collect(Collectors.joining(",")));
    }

    /** Plants keys, sweeps the cluster, and asserts that the sweep covers both primaries in one round. */
    private static void assertSwept(RedisCluster cluster, Deployment deployment) throws InterruptedException {
        ClusterKeys.plant(cluster, LIVE, DEAD);
        DeploymentReport report = new DeploymentSweep(engine, Timing.system())
                .run(DeploymentRequest.of(SweepRequest.of(deployment, PacePolicy.FULL)), new SweepControl(), SILENT);

        assertThat(report.success()).as("the success of the sweep: %s", report).isTrue();
        assertThat(report.reclaimed()).isEqualTo(2 * DEAD);
        assertThat(report.outcomes())
                .as("the outcomes, which are one for each primary in one round")
                .hasSize(2);
        assertThat(engine.discover(deployment).primaries())
                .extracting(Primary::id)
                .containsExactlyElementsOf(
                        cluster.primaries().stream().map(cluster::id).toList());
    }

    private static List<Estimate> estimate(Deployment deployment) throws InterruptedException {
        return estimator.estimate(new EstimateRequest(deployment, /* exact= */ true, /* samplePrimary= */ false));
    }

    private static Deployment cluster(NodeMap map, NodeAddress... seeds) {
        return new Deployment.Cluster(List.of(seeds), Access.OPEN, map);
    }

    private static NodeAddress address(RedisServer server) {
        return new NodeAddress("127.0.0.1", server.port());
    }
}
