package io.keysweep.engine.lettuce;

import static io.keysweep.engine.lettuce.ClusterDeployments.address;
import static io.keysweep.engine.lettuce.ClusterDeployments.deployment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepReport.Ending;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeMap;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.Shard;
import io.keysweep.engine.topology.SlotSet;
import io.keysweep.testkit.ClusterKeys;
import io.keysweep.testkit.RedisCluster;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests sweeps of one shard of a cluster while nodes change their roles, or slots move away and back.
 *
 * <p>These changes happen during a sweep, or between two runs of a sweep.
 */
@Execution(ExecutionMode.CONCURRENT)
final class ClusterShardSweepIT {

    private static final int LIVE = 3_000;
    private static final int DEAD = 9_000;

    /** A pace so slow that the test can change the cluster in the middle of a sweep. */
    private static final PacePolicy SLOW = PacePolicy.GENTLE.withRateCeiling(12_000);

    @AutoClose
    private static final SweepEngine engine = LettuceEngine.sweepEngine();

    /** The reasons of the holds, in their order. */
    private final List<String> holdReasons = new ArrayList<>();

    static List<RedisVersion> versions() {
        return RedisVersion.allInFullRun(RedisVersion.REDIS_7_0, RedisVersion.VALKEY_9);
    }

    @Test
    void resume_nodeWasAReplicaSinceTheCrash_keepsItsCountsAndStartsOver() throws InterruptedException {
        try (RedisCluster cluster = RedisCluster.start(RedisVersion.REDIS_7_0, /* primaries= */ 3, /* replicas= */ 3)) {
            ClusterKeys.plant(cluster, LIVE, DEAD);
            RedisServer node = cluster.nodes().getFirst();
            Shard shard = new Shard(address(node), SlotSet.range(0, 5_460));
            SweepRequest request = SweepRequest.of(deployment(cluster), SLOW).ofShard(deployment(cluster), shard);
            List<Checkpoint> checkpoints = new ArrayList<>();
            SweepControl control = new SweepControl();

            SweepReport firstReport = engine.sweep(request, control, event -> {
                if (addIfReclaimed(checkpoints, event) && checkpoints.size() == 2) {
                    control.cancel();
                }
            });

            // The sweep continues from the first checkpoint, as if it had crashed before it stored the second
            // checkpoint.
            Checkpoint storedCheckpoint = checkpoints.getFirst();
            assertThat(storedCheckpoint.stepsMayFollow()).isTrue();
            assertThat(storedCheckpoint.reclaimed()).isBetween(1L, firstReport.reclaimed() - 1);

            // The node becomes a replica and then the primary again, while no run watches it.
            cluster.failover(cluster.replicasOf(node).getFirst());
            cluster.failover(node);

            SweepReport report = engine.sweep(request.resumingFrom(storedCheckpoint), new SweepControl(), event -> {});
            assertThat(report.profile().runId())
                    .as("the id of the process, which is still the same")
                    .isEqualTo(storedCheckpoint.replicationIdentity().runId());
            assertThat(report.reclaimed()).isEqualTo(DEAD);
            // The node does not report whether its keys were replaced while it was a replica.
            assertThat(report.exact()).isFalse();
            assertThat(report.covered()).isEqualTo(shard.slots());

            // The run visits every key that the first run has left.
            assertThat(report.visited() - storedCheckpoint.visited())
                    .isGreaterThanOrEqualTo(LIVE + DEAD - firstReport.reclaimed());
        }
    }

    /** The roles change while the sweep does not check the node, as in a long pause. */
    @ParameterizedTest
    @MethodSource("versions")
    void sweep_nodeWasAReplicaBetweenTwoChecks_startsOver(RedisVersion version) throws InterruptedException {
        try (RedisCluster cluster = RedisCluster.start(version, /* primaries= */ 3, /* replicas= */ 3)) {
            ClusterKeys.plant(cluster, LIVE, DEAD);
            RedisServer node = cluster.nodes().getFirst();
            Shard shard = new Shard(address(node), SlotSet.range(0, 5_460));
            List<Checkpoint> checkpoints = new ArrayList<>();

            SweepReport report = engine.sweep(
                    SweepRequest.of(deployment(cluster), SLOW).ofShard(deployment(cluster), shard),
                    new SweepControl(),
                    event -> {
                        if (event instanceof SweepEvent.HoldBegan hold) {
                            holdReasons.add(hold.reason());
                        } else if (addIfReclaimed(checkpoints, event) && checkpoints.size() == 1) {
                            // The node becomes a replica, and then the primary again.
                            cluster.failover(cluster.replicasOf(node).getFirst());
                            cluster.failover(node);
                        }
                    });

            Checkpoint firstCheckpoint = checkpoints.getFirst();
            assertThat(holdReasons).anyMatch(reason -> reason.contains("was a replica for a while"));
            assertThat(report.profile().runId())
                    .as("the id of the process, which is still the same")
                    .isEqualTo(firstCheckpoint.replicationIdentity().runId());
            assertThat(report.visited() - firstCheckpoint.visited())
                    .isGreaterThanOrEqualTo(LIVE + DEAD - firstCheckpoint.reclaimed());
            assertThat(report.reclaimed()).isEqualTo(DEAD);
            // The node does not report whether its keys were replaced while it was a replica.
            assertThat(report.exact()).isFalse();
            assertThat(report.covered()).isEqualTo(shard.slots());
        }
    }

    /** The slots move between two runs, for example while a sweep waits for its window. */
    @ParameterizedTest
    @MethodSource("versions")
    void resume_slotsMovedAwayAndBackSinceTheLastRun_areNotCovered(RedisVersion version) throws InterruptedException {
        try (RedisCluster cluster = RedisCluster.start(version, /* primaries= */ 3, /* replicas= */ 0)) {
            ClusterKeys.plant(cluster, LIVE, DEAD);
            RedisServer node = cluster.nodes().getFirst();
            Shard shard = new Shard(address(node), SlotSet.range(0, 5_460));
            SweepRequest request = SweepRequest.of(deployment(cluster), SLOW).ofShard(deployment(cluster), shard);
            SweepControl control = new SweepControl();
            EventLog log = new EventLog(number -> {
                if (number == 4) {
                    control.cancel();
                }
            });
            engine.sweep(request, control, log);

            // A run that resumes before the slots move covers the shard.
            SweepReport undisturbedReport =
                    engine.sweep(request.resumingFrom(log.lastCheckpoint()), new SweepControl(), event -> {});
            assertThat(undisturbedReport.covered()).isEqualTo(shard.slots());

            // A run that resumes from the same checkpoint after the slots have moved away and back does not.
            cluster.moveSlots(node, cluster.nodes().get(1), 0, 5);
            cluster.moveSlots(cluster.nodes().get(1), node, 0, 5);
            SweepReport report =
                    engine.sweep(request.resumingFrom(log.lastCheckpoint()), new SweepControl(), event -> {});

            assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
            assertThat(report.covered()).isEqualTo(SlotSet.NONE);
        }
    }

    /**
     * The sweep is no success. If the primary is on the minority side of a network split, the other nodes may have
     * replaced it.
     */
    @Test
    void sweep_noOtherNodeAnswersAtTheEnd_isNoSuccess() {
        try (RedisCluster cluster = RedisCluster.start(RedisVersion.VALKEY_9, /* primaries= */ 3, /* replicas= */ 0)) {
            ClusterKeys.plant(cluster, /* live= */ 10, /* dead= */ 20);
            RedisServer node = cluster.nodes().getFirst();
            Map<NodeAddress, NodeAddress> unreachableNodes = new HashMap<>();
            cluster.nodes().stream()
                    .skip(1)
                    .forEach(other -> unreachableNodes.put(address(other), new NodeAddress("127.0.0.1", 1)));
            Deployment deployment =
                    new Deployment.Cluster(List.of(address(node)), Access.OPEN, new NodeMap(unreachableNodes));
            SweepRequest request = SweepRequest.of(deployment, PacePolicy.GENTLE)
                    .withPatience(Duration.ofMillis(300))
                    .ofShard(deployment, new Shard(address(node), SlotSet.range(0, 5_460)));

            assertThatExceptionOfType(NodeRefusedException.class)
                    .isThrownBy(() -> engine.sweep(request, new SweepControl(), event -> {
                        if (event instanceof SweepEvent.HoldBegan hold) {
                            holdReasons.add(hold.reason());
                        }
                    }))
                    .matches(e -> e.reason() == NodeRefusedException.Reason.UNREACHABLE)
                    .withMessageContaining("is the only node of the cluster that answers");
            assertThat(holdReasons)
                    .anyMatch(reason -> reason.contains("no other node confirms that it is still the primary"));
        }
    }

    /**
     * Adds a checkpoint to {@code checkpoints} if keys have been reclaimed since the last checkpoint; then returns
     * true.
     */
    private static boolean addIfReclaimed(List<Checkpoint> checkpoints, SweepEvent event) {
        if (!(event instanceof SweepEvent.Checkpointed checkpointed)) {
            return false;
        }
        Checkpoint checkpoint = checkpointed.checkpoint();
        long reclaimedBefore = checkpoints.isEmpty() ? 0 : checkpoints.getLast().reclaimed();
        return checkpoint.reclaimed() > reclaimedBefore && checkpoints.add(checkpoint);
    }
}
