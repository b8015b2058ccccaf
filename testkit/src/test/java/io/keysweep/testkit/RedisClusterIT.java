package io.keysweep.testkit;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that a cluster for tests forms, fails over and moves slots, on real servers. */
@Execution(ExecutionMode.CONCURRENT)
final class RedisClusterIT {

    @ParameterizedTest
    @MethodSource("io.keysweep.testkit.RedisVersion#supported")
    void cluster_anyVersion_formsFailsOverAndMovesSlots(RedisVersion version) {
        try (RedisCluster cluster = RedisCluster.start(version, /* primaries= */ 3, /* replicas= */ 1)) {
            RedisServer firstNode = cluster.nodes().getFirst();
            RedisServer secondNode = cluster.nodes().get(1);
            RedisServer replica = cluster.nodes().getLast();

            assertThat(cluster.primaries()).hasSize(3);
            assertThat(cluster.replicas()).containsExactly(replica);

            // A failover exchanges the roles of the first primary and its replica.
            cluster.failover(replica);
            assertThat(cluster.ownerOf(0)).isSameAs(replica);
            assertThat(cluster.replicasOf(replica)).containsExactly(firstNode);

            // All keys have the same hash tag, so all of them are in one slot, which then moves.
            int slot = HashSlot.of("{a}");
            RedisServer owner = cluster.ownerOf(slot);
            RedisServer target = owner == secondNode ? replica : secondNode;
            try (RespClient client = owner.client()) {
                KeySpace.withExpiryOff(client, name -> "{a}" + name)
                        .plant(/* db= */ 0, /* live= */ 250, /* dead= */ 150);
            }
            cluster.moveSlots(owner, target, slot, slot);

            assertThat(cluster.ownerOf(slot)).isSameAs(target);
            try (RespClient client = target.client();
                    RespClient source = owner.client()) {
                assertThat(client.callLong("DBSIZE"))
                        .as("the number of moved keys, which are the live ones")
                        .isEqualTo(250);
                assertThat(source.callLong("DBSIZE")).isZero();
            }

            // A new node is a primary without slots.
            RedisServer newNode = cluster.addNode();
            assertThat(cluster.primaries()).contains(newNode).hasSize(4);
        }
    }

    @Test
    void cluster_primaryKilled_electsItsReplicaAndAcceptsItBack() {
        try (RedisCluster cluster = RedisCluster.start(RedisVersion.REDIS_7_0, /* primaries= */ 3, /* replicas= */ 3)) {
            RedisServer primary = cluster.nodes().getFirst();
            RedisServer replica = cluster.replicasOf(primary).getFirst();
            cluster.kill(primary);
            await("the replica is elected").until(() -> cluster.primaries().contains(replica));
            cluster.awaitHealthy();

            assertThat(cluster.ownerOf(0)).isSameAs(replica);

            cluster.restart(primary);
            await("the old primary has become a replica")
                    .until(() -> cluster.replicasOf(replica).contains(primary));
        }
    }

    @Test
    void hashSlot_variousKeys_equalsTheServers() {
        try (RedisCluster cluster = RedisCluster.start(RedisVersion.VALKEY_9, /* primaries= */ 1, /* replicas= */ 0);
                RespClient client = cluster.nodes().getFirst().client()) {
            for (String key : new String[] {"foo", "123456789", "{user}:1", "a{}b", "a{b}c{d}", "ключ"}) {
                assertThat(HashSlot.of(key))
                        .as("the slot of the key %s", key)
                        .isEqualTo(client.callLong("CLUSTER", "KEYSLOT", key));
            }
        }
    }
}
