package io.keysweep.engine.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.lettuce.LettuceEngine;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.topology.Credentials;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.engine.topology.NodeMap;
import io.keysweep.engine.topology.SlotSet;
import io.keysweep.testkit.FaultProxy;
import io.keysweep.testkit.RedisCluster;
import io.keysweep.testkit.RedisSentinel;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.Replication;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Tests that all nodes of servers, clusters and Sentinel deployments are found, also nodes that are down. */
@Execution(ExecutionMode.CONCURRENT)
final class DeploymentReaderIT {

    @AutoClose
    private static final NodeConnector connector = LettuceEngine.connector();

    private final DeploymentReader reader = new DeploymentReader(connector);

    @Test
    void read_ofACluster_returnsSlotsAndReplicas_andWhyAPrimaryIsDown() {
        try (RedisCluster cluster = RedisCluster.start(RedisVersion.REDIS_7_0, /* primaries= */ 3, /* replicas= */ 1)) {
            Deployment deployment = DeploymentUri.parse(
                    "redis-cluster://127.0.0.1:" + cluster.nodes().getFirst().port());
            DeploymentNodes nodes = reader.read(deployment);

            assertThat(nodes.problem()).isNull();
            assertThat(nodes.unassigned()).isEqualTo(SlotSet.NONE);
            assertThat(nodes.shards().stream().map(ShardNodes::slots).reduce(SlotSet.NONE, SlotSet::union))
                    .isEqualTo(SlotSet.ALL);
            assertThat(nodes.shards())
                    .extracting(shard -> shard.replicas().size())
                    .containsExactly(1, 0, 0);

            // The first shard has a primary and a replica.
            NodeState primary = nodes.shards().getFirst().primary();
            assertThat(Objects.requireNonNull(primary.ownFacts()).replica()).isFalse();
            assertThat(primary.ownFacts().identity().version()).startsWith("7.0.");

            NodeState replica = nodes.shards().getFirst().replicas().getFirst();
            assertThat(Objects.requireNonNull(replica.ownFacts()).replica()).isTrue();
            assertThat(replica.ownFacts().follows()).isEqualTo(primary.nodeId());
            assertThat(replica.ownFacts().linkUp()).isTrue();
            assertThat(Objects.requireNonNull(replica.replication()).state()).isEqualTo("online");

            // For a primary that is down, the reason is known, but nothing that the primary itself would report.
            RedisServer killedServer = cluster.nodes().get(2);
            cluster.kill(killedServer);
            NodeState killedPrimary = reader.read(deployment).shards().get(2).primary();
            assertThat(killedPrimary.nodeId()).isEqualTo("127.0.0.1:" + killedServer.port());
            assertThat(killedPrimary.ownFacts()).isNull();
            assertThat(killedPrimary.problem()).contains("127.0.0.1:" + killedServer.port());
        }
    }

    @Test
    void read_replicaAtAnAddressOfTheNodeMap_isListedOnce() {
        try (RedisCluster cluster = RedisCluster.start(RedisVersion.REDIS_7_0, /* primaries= */ 1, /* replicas= */ 1);
                FaultProxy proxy = FaultProxy.inFrontOf(cluster.nodes().get(1).port())) {
            String id = cluster.id(cluster.nodes().get(1));
            Deployment deployment = DeploymentUri.parse(
                    "redis-cluster://127.0.0.1:" + cluster.nodes().getFirst().port(),
                    Credentials.NONE,
                    Credentials.NONE,
                    NodeMap.parse(id + "=127.0.0.1:" + proxy.port()));

            ShardNodes shard = reader.read(deployment).shards().getFirst();

            assertThat(shard.replicas()).hasSize(1);
            assertThat(shard.replicas().getFirst().replication()).isNotNull();
        }
    }

    @Test
    void read_replicaThatDoesNotAnswer_hasWhatItsPrimaryReports() {
        try (RedisServer primary = RedisServer.start(RedisVersion.REDIS_7_0);
                RedisServer replica = RedisServer.start(
                        RedisVersion.REDIS_7_0, "--replicaof", "127.0.0.1", Integer.toString(primary.port()))) {
            Replication.awaitSynchronised(primary.client(), replica.client());
            replica.freeze();

            ShardNodes shard =
                    reader.read(DeploymentUri.parse(primary.uri())).shards().getFirst();

            assertThat(shard.primary().problem()).isNull();
            assertThat(shard.replicas()).hasSize(1);

            NodeState frozenReplica = shard.replicas().getFirst();
            assertThat(frozenReplica.ownFacts()).isNull();
            assertThat(frozenReplica.problem()).contains("127.0.0.1:" + replica.port());
            assertThat(Objects.requireNonNull(frozenReplica.replication()).state())
                    .isEqualTo("online");
        }
    }

    @Test
    void read_ofASentinelDeployment_returnsThePrimaryWithItsReplicas() {
        try (RedisSentinel sentinel =
                RedisSentinel.start(RedisVersion.REDIS_7_0, /* replicas= */ 2, /* sentinelPassword= */ null)) {
            String addresses = sentinel.sentinels().stream()
                    .map(each -> "127.0.0.1:" + each.port())
                    .collect(Collectors.joining(","));

            DeploymentNodes nodes =
                    reader.read(DeploymentUri.parse("redis-sentinel://" + addresses + "#" + RedisSentinel.NAME));
            assertThat(nodes.shards()).hasSize(1);
            assertThat(nodes.shards().getFirst().primary().nodeId())
                    .isEqualTo("127.0.0.1:" + sentinel.primary().port());
            assertThat(nodes.shards().getFirst().replicas()).hasSize(2);

            DeploymentNodes nodesOfUnknownName =
                    reader.read(DeploymentUri.parse("redis-sentinel://" + addresses + "#nobody"));
            assertThat(nodesOfUnknownName.shards()).isEmpty();
            assertThat(nodesOfUnknownName.problem()).contains("nobody");
        }
    }

    @Test
    void read_serverThatIsDown_isListedWithTheReason() {
        DeploymentNodes nodes = reader.read(DeploymentUri.parse("redis://127.0.0.1:1"));
        assertThat(nodes.problem()).isNull();
        assertThat(nodes.shards().getFirst().primary().problem()).contains("127.0.0.1:1");
    }
}
