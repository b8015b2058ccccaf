package io.keysweep.engine.lettuce;

import static io.keysweep.engine.lettuce.ClusterDeployments.address;
import static io.keysweep.engine.lettuce.ClusterDeployments.deployment;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.deployment.DeploymentListener;
import io.keysweep.engine.deployment.DeploymentReport;
import io.keysweep.engine.deployment.DeploymentRequest;
import io.keysweep.engine.deployment.DeploymentSweep;
import io.keysweep.engine.deployment.SweepRound;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.sweep.Timing;
import io.keysweep.engine.topology.Shard;
import io.keysweep.engine.topology.SlotSet;
import io.keysweep.testkit.ClusterKeys;
import io.keysweep.testkit.RedisCluster;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests sweeps of a whole cluster while it changes: failovers, moved slots, added, removed and killed nodes. */
@Execution(ExecutionMode.CONCURRENT)
// The class takes long, so it starts first; see junit-platform.properties.
@Order(1)
final class ClusterSweepIT {

    private static final int LIVE = 3_000;
    private static final int DEAD = 9_000;

    /** A pace so slow that no shard is complete before the sweep of another shard has begun. */
    private static final PacePolicy SLOW = PacePolicy.GENTLE.withRateCeiling(5_000);

    @AutoClose
    private static final SweepEngine engine = LettuceEngine.sweepEngine();

    /** The rounds of the sweep so far. */
    private final List<SweepRound> rounds = new ArrayList<>();

    /** The reasons of the holds, in their order. */
    private final List<String> holdReasons = new ArrayList<>();

    /** Returns the oldest and the newest version, and in a full run two more. */
    static List<RedisVersion> oldestAndNewest() {
        return RedisVersion.moreInFullRun(
                List.of(RedisVersion.REDIS_6_0, RedisVersion.VALKEY_9), RedisVersion.REDIS_7_0, RedisVersion.REDIS_8_0);
    }

    /** Returns a version that keeps one table, and one that keeps a table for each slot. */
    static List<RedisVersion> bothKindsOfTables() {
        return RedisVersion.moreInFullRun(
                List.of(RedisVersion.REDIS_7_0, RedisVersion.REDIS_8_0), RedisVersion.VALKEY_9);
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void sweep_failoverAndMovedSlotsInTheMiddle_coversEverySlot(RedisVersion version) throws InterruptedException {
        try (RedisCluster cluster = RedisCluster.start(version, /* primaries= */ 3, /* replicas= */ 3)) {
            ClusterKeys.plant(cluster, LIVE, DEAD);
            RedisServer firstNode = cluster.nodes().getFirst();
            RedisServer secondNode = cluster.nodes().get(1);
            RedisServer replica = cluster.replicasOf(firstNode).getFirst();

            // The changes come when all three shards have reached their second checkpoint.
            Set<Integer> shardsUnderWay = new HashSet<>();
            DeploymentReport report = sweep(
                    cluster,
                    /* atATime= */ 3,
                    (shard, checkpoint) -> {
                        if (checkpoint == 2) {
                            shardsUnderWay.add(shard.primary().port());
                            if (shardsUnderWay.size() == 3) {
                                cluster.failover(replica);
                                cluster.moveSlots(secondNode, replica, 5_461, 5_500);
                            }
                        }
                    });

            assertThat(report.success())
                    .as("the success of the sweep: %s", report)
                    .isTrue();
            assertThat(report.uncovered()).isEqualTo(SlotSet.NONE);
            assertThat(report.failures()).isEmpty();
            assertThat(ClusterKeys.count(cluster)).isEqualTo(3 * LIVE);

            // The server has removed the dead keys of the moved slots itself, so the sweep cannot count them.
            assertThat(report.reclaimed()).isBetween(2L * DEAD, 3L * DEAD);
            assertThat(report.exact()).isTrue();

            // The second round sweeps the moved slots on their new primary.
            assertThat(rounds).hasSizeGreaterThan(1);
            assertThat(rounds.get(1).shards())
                    .extracting(Shard::slots)
                    .anyMatch(slots -> slots.contains(5_461) && slots.contains(5_500));
            assertThat(holdReasons).anyMatch(reason -> reason.contains("is a replica of"));
        }
    }

    @Test
    void sweep_quietCluster_isExactInOneRoundWithOnePrimaryPerHostAtATime() throws InterruptedException {
        try (RedisCluster cluster = RedisCluster.start(RedisVersion.VALKEY_8, /* primaries= */ 3, /* replicas= */ 0)) {
            ClusterKeys.plant(cluster, LIVE, DEAD);

            // Whenever the sweep of a shard begins, the number of shards that are being swept is recorded.
            Set<Shard> openShards = new HashSet<>();
            List<Integer> openCounts = new ArrayList<>();
            DeploymentReport report = new DeploymentSweep(engine, Timing.system())
                    .run(
                            DeploymentRequest.of(SweepRequest.of(deployment(cluster), PacePolicy.GENTLE)),
                            new SweepControl(),
                            listener((shard, event) -> {
                                if (event instanceof SweepEvent.Started) {
                                    openShards.add(shard);
                                    openCounts.add(openShards.size());
                                } else if (event instanceof SweepEvent.Finished) {
                                    openShards.remove(shard);
                                }
                            }));

            assertThat(report.success()).isTrue();
            assertThat(report.exact()).isTrue();
            assertThat(report.reclaimed()).isEqualTo(3 * DEAD);
            assertThat(rounds).hasSize(1);
            assertThat(openCounts).containsExactly(1, 1, 1);
        }
    }

    @Test
    void sweep_primaryKilled_continuesOnItsSuccessor() throws InterruptedException {
        try (RedisCluster cluster = RedisCluster.start(RedisVersion.REDIS_7_0, /* primaries= */ 3, /* replicas= */ 3)) {
            ClusterKeys.plant(cluster, LIVE, DEAD);
            RedisServer firstNode = cluster.nodes().getFirst();

            DeploymentReport report = sweep(
                    cluster,
                    /* atATime= */ 1,
                    (shard, checkpoint) -> {
                        if (checkpoint == 2 && shard.primary().port() == firstNode.port()) {
                            cluster.kill(firstNode);
                        }
                    });

            assertThat(report.success())
                    .as("the success of the sweep: %s", report)
                    .isTrue();
            assertThat(ClusterKeys.count(cluster)).isEqualTo(3 * LIVE);
            assertThat(holdReasons).anyMatch(reason -> reason.startsWith("reconnecting"));
        }
    }

    @Test
    void sweep_shardAddedDuringTheSweep_isAlsoSwept() throws InterruptedException {
        try (RedisCluster cluster = RedisCluster.start(RedisVersion.REDIS_8_0, /* primaries= */ 3, /* replicas= */ 0)) {
            ClusterKeys.plant(cluster, LIVE, DEAD);
            RedisServer firstNode = cluster.nodes().getFirst();
            RedisServer[] newNode = new RedisServer[1];

            DeploymentReport report = sweep(
                    cluster,
                    /* atATime= */ 3,
                    (shard, checkpoint) -> {
                        if (checkpoint == 2 && shard.primary().port() == firstNode.port()) {
                            newNode[0] = cluster.addNode();
                            cluster.moveSlots(firstNode, newNode[0], 0, 50);
                        }
                    });

            assertThat(report.success())
                    .as("the success of the sweep: %s", report)
                    .isTrue();
            assertThat(rounds.getLast().shards()).containsExactly(new Shard(address(newNode[0]), SlotSet.range(0, 50)));
            assertThat(ClusterKeys.count(cluster)).isEqualTo(3 * LIVE);
        }
    }

    @Test
    void sweep_shardRemovedInTheMiddle_isSweptOnTheNewPrimariesOfItsSlots() throws InterruptedException {
        try (RedisCluster cluster = RedisCluster.start(RedisVersion.REDIS_7_0, /* primaries= */ 3, /* replicas= */ 0)) {
            RedisServer firstNode = cluster.nodes().getFirst();
            RedisServer secondNode = cluster.nodes().get(1);
            RedisServer lastNode = cluster.nodes().getLast();
            ClusterKeys.plant(cluster, LIVE, DEAD);

            // One shard is swept at a time. The other shards are complete before they get slots, and are not swept
            // again.
            DeploymentReport report = sweep(
                    cluster,
                    /* atATime= */ 1,
                    (shard, checkpoint) -> {
                        if (checkpoint == 2 && shard.primary().port() == lastNode.port()) {
                            cluster.moveSlots(lastNode, firstNode, 10_922, 13_000);
                            cluster.moveSlots(lastNode, secondNode, 13_001, 16_383);
                            cluster.remove(lastNode);
                        }
                    });

            assertThat(report.success())
                    .as("the success of the sweep: %s", report)
                    .isTrue();
            assertThat(report.uncovered()).isEqualTo(SlotSet.NONE);
            assertThat(rounds).hasSizeGreaterThan(1);
            assertThat(rounds.getFirst().shards())
                    .contains(new Shard(address(lastNode), SlotSet.range(10_922, 16_383)));
            assertThat(rounds.getLast().shards())
                    .containsExactlyInAnyOrder(
                            new Shard(address(firstNode), SlotSet.range(10_922, 13_000)),
                            new Shard(address(secondNode), SlotSet.range(13_001, 16_383)));
            assertThat(ClusterKeys.count(cluster)).isEqualTo(3 * LIVE);
        }
    }

    @ParameterizedTest
    @MethodSource("bothKindsOfTables")
    void sweep_slotsMovedAwayAndBackBetweenTwoChecks_areSweptAgain(RedisVersion version) throws InterruptedException {
        try (RedisCluster cluster = RedisCluster.start(version, /* primaries= */ 3, /* replicas= */ 0)) {
            ClusterKeys.plant(cluster, LIVE, DEAD);
            RedisServer firstNode = cluster.nodes().getFirst();
            RedisServer secondNode = cluster.nodes().get(1);

            DeploymentReport report = sweep(
                    cluster,
                    /* atATime= */ 3,
                    (shard, checkpoint) -> {
                        if (rounds.size() == 1
                                && checkpoint == 3
                                && shard.primary().port() == firstNode.port()) {
                            cluster.moveSlots(firstNode, secondNode, 0, 5);
                            cluster.moveSlots(secondNode, firstNode, 0, 5);
                        }
                    });

            assertThat(report.success())
                    .as("the success of the sweep: %s", report)
                    .isTrue();
            assertThat(rounds).hasSize(2);
            assertThat(rounds.get(1).shards()).contains(new Shard(address(firstNode), SlotSet.range(0, 5_460)));
            assertThat(ClusterKeys.count(cluster)).isEqualTo(3 * LIVE);
        }
    }

    @Test
    void sweep_slotsWithoutAPrimary_areReportedWithTheirKeysAndFailTheSweep() throws InterruptedException {
        try (RedisCluster cluster = RedisCluster.start(
                RedisVersion.VALKEY_9, /* primaries= */ 3, /* replicas= */ 0, "--cluster-databases", "16")) {
            RedisServer firstNode = cluster.nodes().getFirst();
            try (RespClient client = firstNode.client()) {
                // The key is in slot 5061, in two databases.
                client.call("SET", "bar", "1");
                client.call("SELECT", "3");
                client.call("SET", "bar", "1");
                client.call("CLUSTER", "DELSLOTS", "5061");
            }

            DeploymentReport report = sweep(cluster, /* atATime= */ 1, (shard, checkpoint) -> {});

            assertThat(report.success()).isFalse();
            assertThat(report.unassigned()).isEqualTo(SlotSet.range(5_061, 5_061));
            assertThat(report.uncovered()).isEqualTo(SlotSet.NONE);
            assertThat(report.orphans()).containsOnly(Map.entry(5_061, 2L));
        }
    }

    @Test
    void sweep_clusterKilledDuringTheSweep_keepsItsCounts() throws InterruptedException {
        try (RedisCluster cluster = RedisCluster.start(RedisVersion.REDIS_7_0, /* primaries= */ 3, /* replicas= */ 0)) {
            ClusterKeys.plant(cluster, LIVE, DEAD);

            // The cluster is killed when all three shards have reclaimed keys.
            Set<Shard> countedShards = new HashSet<>();
            DeploymentReport report = new DeploymentSweep(engine, Timing.system())
                    .run(
                            new DeploymentRequest(
                                    SweepRequest.of(deployment(cluster), SLOW).withPatience(Duration.ofMillis(200)),
                                    /* maxConcurrent= */ 3,
                                    /* maxPerHost= */ 3),
                            new SweepControl(),
                            listener((shard, event) -> {
                                boolean hasReclaimed = event instanceof SweepEvent.Checkpointed checkpointed
                                        && checkpointed.checkpoint().reclaimed() > 0;
                                if (hasReclaimed && countedShards.add(shard) && countedShards.size() == 3) {
                                    cluster.nodes().forEach(cluster::kill);
                                }
                            }));

            assertThat(report.success()).isFalse();
            assertThat(report.failures()).hasSize(3);
            assertThat(report.reclaimed()).isPositive();
            assertThat(report.uncovered()).isEqualTo(SlotSet.ALL);
        }
    }

    /** Reacts to a checkpoint of a shard; the checkpoints of each shard are counted from 1. */
    private interface AtCheckpoint {
        void reached(Shard shard, int number);
    }

    /** Sweeps a cluster at the slow pace, some shards at a time, and calls {@code atCheckpoint} at each checkpoint. */
    private DeploymentReport sweep(RedisCluster cluster, int atATime, AtCheckpoint atCheckpoint)
            throws InterruptedException {
        List<Shard> checkpoints = new ArrayList<>();
        return new DeploymentSweep(engine, Timing.system())
                .run(
                        new DeploymentRequest(SweepRequest.of(deployment(cluster), SLOW), atATime, atATime),
                        new SweepControl(),
                        listener((shard, event) -> {
                            if (event instanceof SweepEvent.HoldBegan hold) {
                                holdReasons.add(hold.reason());
                            } else if (event instanceof SweepEvent.Checkpointed) {
                                checkpoints.add(shard);
                                atCheckpoint.reached(shard, (int) checkpoints.stream()
                                        .filter(shard::equals)
                                        .count());
                            }
                        }));
    }

    /** Reacts to an event of a shard. */
    private interface OnEvent {
        void happened(Shard shard, SweepEvent event);
    }

    /** Returns a listener that records rounds, and passes events on. */
    private DeploymentListener listener(OnEvent onEvent) {
        return new DeploymentListener() {
            @Override
            public void onRound(SweepRound round) {
                rounds.add(round);
            }

            @Override
            public void onEvent(Shard shard, SweepEvent event) {
                onEvent.happened(shard, event);
            }
        };
    }
}
