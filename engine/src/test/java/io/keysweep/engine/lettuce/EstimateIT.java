package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keysweep.engine.estimate.BacklogEstimator;
import io.keysweep.engine.estimate.Estimate;
import io.keysweep.engine.estimate.EstimateRefusedException;
import io.keysweep.engine.estimate.EstimateRefusedException.Reason;
import io.keysweep.engine.estimate.EstimateRequest;
import io.keysweep.engine.estimate.ReplicaFirstEstimator;
import io.keysweep.engine.sweep.Timing;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeMap;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisCluster;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.Replication;
import io.keysweep.testkit.RespClient;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that estimates of dead keys on real servers agree with the number of planted keys. */
@Execution(ExecutionMode.CONCURRENT)
// The class takes long, so it starts first; see junit-platform.properties.
@Order(1)
final class EstimateIT {

    private static final int LIVE = 60_000;
    private static final int DEAD = 40_000;

    /** The number of live keys in database 3 of servers with two databases. */
    private static final int LIVE_IN_3 = 500;

    /** The number of dead keys in that database. */
    private static final int DEAD_IN_3 = 300;

    private static final int ALL_DEAD = DEAD + DEAD_IN_3;

    /** The number of all keys in both databases. */
    private static final int ALL_KEYS = LIVE + LIVE_IN_3 + ALL_DEAD;

    @AutoClose
    private static final BacklogEstimator estimator = new ReplicaFirstEstimator(
            new LettuceConnector(Duration.ofMinutes(1), Duration.ofMinutes(1)), Timing.system(), new Random(1));

    @ParameterizedTest
    @EnumSource(names = {"REDIS_6_0", "REDIS_7_0", "REDIS_8_0", "VALKEY_9"})
    void estimate_primaryWithReplica_readsTheReplicaAndDeletesNothing(RedisVersion version) throws Exception {
        try (RedisServer primary = RedisServer.start(version);
                RedisServer replica = replicaOf(primary);
                RespClient client = primary.client();
                RespClient onReplica = replica.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client)
                    .plant(/* db= */ 0, LIVE, DEAD)
                    .plant(/* db= */ 3, LIVE_IN_3, DEAD_IN_3);
            Replication.awaitSynchronised(client, onReplica);

            Estimate sample = estimator
                    .estimate(request(primary, /* exact= */ false, /* samplePrimary= */ false))
                    .getFirst();
            Estimate count = estimator
                    .estimate(request(primary, /* exact= */ true, /* samplePrimary= */ false))
                    .getFirst();
            Estimate estimateOfReplica = estimator
                    .estimate(request(replica, /* exact= */ true, /* samplePrimary= */ false))
                    .getFirst();

            // A sample is read from the replica, and the number of dead keys is in its interval.
            assertThat(sample.nodeId()).isEqualTo("127.0.0.1:" + primary.port());
            assertThat(sample.countedOn()).isEqualTo("127.0.0.1:" + replica.port());
            assertThat(sample.method()).isEqualTo(Estimate.Method.REPLICA_SAMPLE);
            assertThat(sample.keys()).isEqualTo(ALL_KEYS);
            assertThat(sample.volatileKeys()).isEqualTo(ALL_DEAD + 2);
            assertThat(sample.sampledKeys()).isBetween(8_000L, 30_000L);
            assertThat(sample.reclaimed()).isZero();
            assertThat(sample.deadBytes()).isPositive();
            assertIntervalContainsDeadKeys(sample);

            // A full count is exact, also if the request names the replica.
            assertThat(count.method()).isEqualTo(Estimate.Method.REPLICA_PASS);
            assertThat(count.exact()).isTrue();
            assertThat(count.dead()).isEqualTo(ALL_DEAD);
            assertThat(count.lowest()).isEqualTo(count.highest()).isEqualTo(ALL_DEAD);
            assertThat(estimateOfReplica.dead()).isEqualTo(ALL_DEAD);

            assertThat(keys.size(0))
                    .as("the number of keys, of which none is deleted")
                    .isEqualTo(LIVE + DEAD);
            assertThat(keys.size(3)).isEqualTo(LIVE_IN_3 + DEAD_IN_3);
            assertThat(onReplica.callLong("DBSIZE")).isEqualTo(LIVE + DEAD);
        }
    }

    /**
     * The dead keys are counted. They are too few for a sample, because the number of keys in a part of the table
     * varies by more than their number.
     */
    @Test
    void estimate_fewDeadKeysInASmallDatabase_areCountedOnTheReplica() throws Exception {
        try (RedisServer primary = RedisServer.start(RedisVersion.REDIS_7_0);
                RedisServer replica = replicaOf(primary);
                RespClient client = primary.client();
                RespClient onReplica = replica.client()) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 30_000, /* dead= */ 30);
            Replication.awaitSynchronised(client, onReplica);

            Estimate estimate = estimator
                    .estimate(request(primary, /* exact= */ false, /* samplePrimary= */ false))
                    .getFirst();

            assertThat(estimate.dead()).isEqualTo(30);
            assertThat(estimate.lowest()).isEqualTo(estimate.highest());
        }
    }

    @Test
    void estimate_databaseWithoutTtl_addsNoErrorToTheOthers() throws Exception {
        try (RedisServer primary = RedisServer.start(RedisVersion.REDIS_7_0);
                RedisServer replica = replicaOf(primary);
                RespClient client = primary.client();
                RespClient onReplica = replica.client()) {
            KeySpace.withExpiryOff(client)
                    .plantWithoutTtl(/* db= */ 0, LIVE + DEAD)
                    .plant(/* db= */ 3, LIVE_IN_3, DEAD_IN_3);
            Replication.awaitSynchronised(client, onReplica);

            Estimate estimate = estimator
                    .estimate(request(primary, /* exact= */ false, /* samplePrimary= */ false))
                    .getFirst();

            assertThat(estimate.keys()).isEqualTo(ALL_KEYS);
            assertThat(estimate.dead()).isEqualTo(300);
            assertThat(estimate.lowest()).isEqualTo(estimate.highest()).isEqualTo(300);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"REDIS_6_0", "REDIS_7_0", "REDIS_8_0", "VALKEY_9"})
    void estimate_primaryAlone_isSampledOnlyIfAllowed(RedisVersion version) throws Exception {
        try (RedisServer primary = RedisServer.start(version);
                RespClient client = primary.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client)
                    .plant(/* db= */ 0, LIVE, DEAD)
                    .plant(/* db= */ 3, LIVE_IN_3, DEAD_IN_3);

            assertRefused(primary, /* exact= */ false, /* samplePrimary= */ false, Reason.PRIMARY_SAMPLE_NOT_ALLOWED);
            assertRefused(primary, /* exact= */ true, /* samplePrimary= */ true, Reason.EXACT_NEEDS_REPLICA);
            assertThat(keys.size(0))
                    .as("the number of keys, which a refusal leaves alone")
                    .isEqualTo(LIVE + DEAD);

            Estimate sample = estimator
                    .estimate(request(primary, /* exact= */ false, /* samplePrimary= */ true))
                    .getFirst();

            assertThat(sample.method()).isEqualTo(Estimate.Method.PRIMARY_SAMPLE);
            assertThat(sample.reclaimed())
                    .isEqualTo(ALL_KEYS - keys.size(0) - keys.size(3))
                    .isBetween(1L, DEAD / 2L);
            assertIntervalContainsDeadKeys(sample);
        }
    }

    @Test
    void estimate_userMayNotSelect_readsDatabaseZeroAsASweepDoes() throws Exception {
        try (RedisServer primary = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = primary.client()) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 1_000, /* dead= */ 300);
            client.call("ACL", "SETUSER", "noselect", "on", "nopass", "~*", "+@all", "-select");

            Estimate estimate = estimator
                    .estimate(new EstimateRequest(
                            DeploymentUri.parse(primary.uri(), "noselect", "any"),
                            /* exact= */ false,
                            /* samplePrimary= */ true))
                    .getFirst();

            assertThat(estimate.dead()).isEqualTo(300);
        }
    }

    @Test
    void estimate_emptyServer_isZero() throws Exception {
        try (RedisServer primary = RedisServer.start(RedisVersion.REDIS_7_0)) {
            Estimate estimate = estimator
                    .estimate(request(primary, /* exact= */ false, /* samplePrimary= */ true))
                    .getFirst();

            assertThat(estimate.dead()).isZero();
            assertThat(estimate.deadBytes())
                    .as("the bytes; if they were unknown, the sum over a cluster would be unknown, too")
                    .isZero();
            assertThat(estimate.shareOfVolatile()).isZero();
        }
    }

    /** Returns a version that keeps one table, and one that keeps a table for each slot; all in a full run. */
    static List<RedisVersion> bothKindsOfTables() {
        return RedisVersion.moreInFullRun(
                List.of(RedisVersion.REDIS_7_0, RedisVersion.VALKEY_9), RedisVersion.REDIS_8_0);
    }

    /**
     * Version 7.0 keeps one table, and the others keep one per slot. Slots hold very different numbers of keys, and all
     * keys of one tag are dead.
     */
    @ParameterizedTest
    @MethodSource("bothKindsOfTables")
    void estimate_clusterWithReplica_samplesTheReplica(RedisVersion version) throws Exception {
        try (RedisCluster cluster = RedisCluster.start(version, /* primaries= */ 1, /* replicas= */ 1);
                RespClient client = cluster.nodes().getFirst().client();
                RespClient onReplica = cluster.nodes().getLast().client()) {
            // About 800 slots have 100,000 keys, and the slot of the tag has 20,300 dead keys.
            KeySpace.withExpiryOff(client, name -> "{" + name.hashCode() % 400 + "}" + name)
                    .plant(/* db= */ 0, /* live= */ 80_000, /* dead= */ 20_000);
            KeySpace keys = KeySpace.withExpiryOff(client, name -> "{tag}" + name)
                    .plant(/* db= */ 0, /* live= */ 0, ALL_DEAD - 20_000);
            Replication.awaitSynchronised(client, onReplica);
            Deployment deployment = new Deployment.Cluster(
                    List.of(new NodeAddress(
                            "127.0.0.1", cluster.nodes().getFirst().port())),
                    Access.OPEN,
                    NodeMap.NONE);

            Estimate sample = estimator
                    .estimate(new EstimateRequest(deployment, /* exact= */ false, /* samplePrimary= */ false))
                    .getFirst();

            assertThat(sample.method()).isEqualTo(Estimate.Method.REPLICA_SAMPLE);
            assertThat(sample.countedOn())
                    .isEqualTo("127.0.0.1:" + cluster.nodes().getLast().port());
            assertThat(sample.calls()).isGreaterThan(15);
            assertIntervalContainsDeadKeys(sample);
            assertThat(keys.size(0))
                    .as("the number of keys, of which none is deleted")
                    .isEqualTo(120_300);
            assertThat(sample.cost().gentle()).isPositive();
        }
    }

    @ParameterizedTest
    @MethodSource("bothKindsOfTables")
    void estimate_clusteredPrimaryAlone_isSampledOnlyIfAllowed(RedisVersion version) throws Exception {
        try (RedisServer primary = RedisServer.startWithAllSlots(version);
                RespClient client = primary.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, ALL_DEAD);

            assertRefused(primary, /* exact= */ false, /* samplePrimary= */ false, Reason.PRIMARY_SAMPLE_NOT_ALLOWED);
            Estimate sample = estimator
                    .estimate(request(primary, /* exact= */ false, /* samplePrimary= */ true))
                    .getFirst();

            assertThat(sample.method()).isEqualTo(Estimate.Method.PRIMARY_SAMPLE);
            assertThat(sample.reclaimed())
                    .isEqualTo(LIVE + ALL_DEAD - keys.size(0))
                    .isBetween(1L, DEAD / 2L);
            assertIntervalContainsDeadKeys(sample);
        }
    }

    /** A small database is counted, because a sample of few keys shows nothing. */
    @Test
    void estimate_clusterEnabledServerWithFewKeys_isCounted() throws Exception {
        try (RedisServer primary = RedisServer.startWithAllSlots(RedisVersion.REDIS_8_0);
                RespClient client = primary.client()) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 700, /* dead= */ 300);
            Estimate estimate = estimator
                    .estimate(request(primary, /* exact= */ false, /* samplePrimary= */ true))
                    .getFirst();

            assertThat(estimate.dead()).isEqualTo(300);
        }
    }

    @Test
    void estimate_replicaWithAnotherPassword_fallsBackToThePrimary() {
        try (RedisServer primary = RedisServer.start(RedisVersion.REDIS_7_0);
                RedisServer replica = replicaOf(primary, "--requirepass", "other");
                RespClient client = primary.client();
                RespClient onReplica = replica.client()) {
            onReplica.call("AUTH", "other");
            Replication.awaitSynchronised(client, onReplica);

            assertRefused(primary, /* exact= */ false, /* samplePrimary= */ false, Reason.PRIMARY_SAMPLE_NOT_ALLOWED);
        }
    }

    /**
     * Asserts that the interval of an estimate contains the number of dead keys, with some slack. The server's hash
     * seed is random, so 1 interval in 20 misses the number; with the slack, none does.
     */
    private static void assertIntervalContainsDeadKeys(Estimate estimate) {
        // Both ends are limited to the number of keys with a TTL, of which two are alive.
        long slack = Math.round(1.5 * (estimate.highest() - estimate.lowest()) / 2) + 2;
        assertThat((long) ALL_DEAD).isBetween(estimate.lowest() - slack, estimate.highest() + slack);
        // The width is 0 if the sample exceeds the number of keys with a TTL, as both ends are limited to it.
        assertThat(estimate.highest() - estimate.lowest()).isBetween(0L, DEAD / 5L);
    }

    /** Asserts that an estimate is refused for a reason, and that the message names the server. */
    private static void assertRefused(RedisServer server, boolean exact, boolean samplePrimary, Reason reason) {
        EstimateRefusedException refusal = catchThrowableOfType(
                EstimateRefusedException.class, () -> estimator.estimate(request(server, exact, samplePrimary)));
        assertThat(refusal.reason()).isEqualTo(reason);
        assertThat(refusal).hasMessageContaining("127.0.0.1:" + server.port());
    }

    private static EstimateRequest request(RedisServer server, boolean exact, boolean samplePrimary) {
        return new EstimateRequest(DeploymentUri.parse(server.uri()), exact, samplePrimary);
    }

    /** Starts a replica of a server, with further options. */
    static RedisServer replicaOf(RedisServer primary, String... options) {
        String[] arguments = new String[options.length + 3];
        arguments[0] = "--replicaof";
        arguments[1] = "127.0.0.1";
        arguments[2] = Integer.toString(primary.port());
        System.arraycopy(options, 0, arguments, 3, options.length);
        return RedisServer.start(primary.version(), arguments);
    }
}
