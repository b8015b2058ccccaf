package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.keysweep.engine.estimate.BacklogEstimator;
import io.keysweep.engine.estimate.Estimate;
import io.keysweep.engine.estimate.EstimateRefusedException;
import io.keysweep.engine.estimate.EstimateRequest;
import io.keysweep.engine.estimate.ReplicaFirstEstimator;
import io.keysweep.engine.plan.ScanCursor;
import io.keysweep.engine.sweep.Timing;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.Replication;
import io.keysweep.testkit.RespClient;
import io.keysweep.testkit.RespProxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that an estimate is refused if its numbers would be wrong, and has the right numbers in similar cases. */
final class EstimateRefusalIT {

    private static final int LIVE = 30_000;
    private static final int DEAD = 20_000;

    /** The number of waits of the estimate so far. It waits after each call, and tests act in its second wait. */
    private int waits;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void estimate_replicaIsPromotedMeanwhile_isRefused(boolean exact) throws Exception {
        try (RedisServer primary = RedisServer.start(RedisVersion.REDIS_7_0);
                RedisServer replica = EstimateIT.replicaOf(primary);
                RespClient client = primary.client();
                RespClient onReplica = replica.client()) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);
            Replication.awaitSynchronised(client, onReplica);

            assertRefused(replica, exact, /* samplePrimary= */ false, () -> onReplica.call("REPLICAOF", "NO", "ONE"));
        }
    }

    /** The message names the replica, because users would otherwise look for a fault at the primary. */
    @Test
    void estimate_replicaBreaksTheConnection_refusalNamesTheReplica() throws Exception {
        try (RedisServer primary = RedisServer.start(RedisVersion.REDIS_7_0);
                RedisServer replica = EstimateIT.replicaOf(primary);
                RespClient client = primary.client();
                RespClient onReplica = replica.client()) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);
            Replication.awaitSynchronised(client, onReplica);

            // At its second wait, the estimate loses its connections to the replica.
            Timing timing = new Timing(InstantSource.system(), System::nanoTime, duration -> {
                if (waits++ == 1) {
                    onReplica.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
                }
            });
            try (BacklogEstimator estimator = new ReplicaFirstEstimator(
                    new LettuceConnector(Duration.ofSeconds(1), Duration.ofSeconds(3)), timing, new Random(1))) {
                assertThatExceptionOfType(NodeRefusedException.class)
                        .isThrownBy(() -> estimator.estimate(new EstimateRequest(
                                DeploymentUri.parse(primary.uri()), /* exact= */ true, /* samplePrimary= */ false)))
                        .satisfies(e -> assertThat(e.nodeId()).isEqualTo("127.0.0.1:" + replica.port()))
                        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNREACHABLE));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"REDIS_6_0", "VALKEY_9"})
    void estimate_primaryIsDemotedMeanwhile_isRefused(RedisVersion version) throws Exception {
        try (RedisServer primary = RedisServer.start(version);
                RespClient client = primary.client()) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);

            // No primary listens at this address, so the server keeps its data.
            assertRefused(
                    primary,
                    /* exact= */ false,
                    /* samplePrimary= */ true,
                    () -> client.call("REPLICAOF", "127.0.0.1", "1"));
        }
    }

    /** The clocks differ by an hour, so the replica hides keys that are alive on its primary. */
    @Test
    void estimate_wrongClockOfTheReplica_isRefusedUnlessThePrimaryMayBeSampled() throws Exception {
        try (RedisServer primary = RedisServer.start(RedisVersion.REDIS_7_0);
                RedisServer replica = EstimateIT.replicaOf(primary);
                RespClient client = primary.client();
                RespClient onReplica = replica.client();
                RespProxy proxy = RespProxy.inFrontOf(
                        List.of(primary),
                        connection -> (command, servers) -> command.getFirst().equals("TIME")
                                ? List.of(Long.toString(InstantSource.system().millis() / 1_000 + 3_600), "0")
                                : Objects.requireNonNullElse(
                                        servers.getFirst().call(command.toArray(String[]::new)), ""));
                BacklogEstimator estimator = new ReplicaFirstEstimator(
                        new LettuceConnector(Duration.ofSeconds(1), Duration.ofSeconds(3)),
                        Timing.system(),
                        new Random(1))) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 1_000, /* dead= */ 300);
            Replication.awaitSynchronised(client, onReplica);

            // An exact estimate would need the replica.
            assertThatExceptionOfType(NodeRefusedException.class)
                    .isThrownBy(() -> estimator.estimate(new EstimateRequest(
                            DeploymentUri.parse(proxy.uri()), /* exact= */ true, /* samplePrimary= */ true)))
                    .withMessageContaining("has a clock that differs by 3,")
                    .matches(e -> e.reason() == Reason.NOT_COVERABLE);

            // A sample is taken on the primary.
            Estimate sample = estimator
                    .estimate(new EstimateRequest(
                            DeploymentUri.parse(proxy.uri()), /* exact= */ false, /* samplePrimary= */ true))
                    .getFirst();
            assertThat(sample.method()).isEqualTo(Estimate.Method.PRIMARY_SAMPLE);
            assertThat(sample.dead()).isEqualTo(300);
        }
    }

    /** Keys that are written during the estimate must not make dead keys look alive. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void estimate_keysWrittenDuringIt_intervalContainsTheNumberOfDeadKeys(boolean exact) throws Exception {
        try (RedisServer primary = RedisServer.start(RedisVersion.REDIS_7_0);
                RedisServer replica = EstimateIT.replicaOf(primary);
                RespClient client = primary.client();
                RespClient onReplica = replica.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 60_000, /* dead= */ 40_000);
            Replication.awaitSynchronised(client, onReplica);

            // At the second wait of the estimate, keys are written.
            Timing timing = new Timing(InstantSource.system(), System::nanoTime, duration -> {
                if (waits++ == 1) {
                    keys.plant(/* db= */ 0, /* live= */ 20_000, /* dead= */ 0);
                    Replication.awaitSynchronised(client, onReplica);
                }
            });
            try (BacklogEstimator estimator = new ReplicaFirstEstimator(
                    new LettuceConnector(Duration.ofSeconds(1), Duration.ofSeconds(3)), timing, new Random(1))) {
                Estimate estimate = estimator
                        .estimate(new EstimateRequest(
                                DeploymentUri.parse(primary.uri()), exact, /* samplePrimary= */ false))
                        .getFirst();

                assertThat(estimate.method())
                        .isEqualTo(exact ? Estimate.Method.REPLICA_PASS : Estimate.Method.REPLICA_SAMPLE);
                assertThat(estimate.exact()).isFalse();
                assertThat(estimate.lowest()).isLessThanOrEqualTo(40_000);
                assertThat(estimate.highest()).isGreaterThanOrEqualTo(40_000);
            }
        }
    }

    /** The server is in cluster mode. Only some of its cursors look like cursors of a table per slot. */
    @Test
    void estimate_unclearCursorsOfAKnownServer_isRefusedWithTheReason() throws Exception {
        try (RedisServer primary = RedisServer.startWithAllSlots(RedisVersion.REDIS_8_0);
                RespClient client = primary.client();
                RespProxy proxy = RespProxy.inFrontOf(List.of(primary), connection -> new UnclearCursors());
                BacklogEstimator estimator = new ReplicaFirstEstimator(
                        new LettuceConnector(Duration.ofSeconds(1), Duration.ofSeconds(3)),
                        Timing.system(),
                        new Random(1))) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 35_000, /* dead= */ 0);

            assertThatExceptionOfType(EstimateRefusedException.class)
                    .isThrownBy(() -> estimator.estimate(new EstimateRequest(
                            DeploymentUri.parse(proxy.uri()), /* exact= */ false, /* samplePrimary= */ true)))
                    .withMessageContaining("answers SCAN with cursors that fit no known kind of table");
        }
    }

    /** Answers three of four probes for a table per slot with the end of the scan, and the fourth with another slot. */
    private static final class UnclearCursors implements RespProxy.Behaviour {

        private int probes;

        @Override
        public Object reply(List<String> command, List<RespClient> servers) {
            boolean probe = command.getFirst().equals("SCAN")
                    && ScanCursor.slot(Long.parseUnsignedLong(command.get(1))) != (1 << ScanCursor.SLOT_BITS) - 1
                    && command.contains("MATCH");
            return probe
                    ? List.of(probes++ % 4 == 0 ? "1" : "0", List.of())
                    : Objects.requireNonNullElse(servers.getFirst().call(command.toArray(String[]::new)), "");
        }
    }

    /** Lets a failover happen during an estimate, and asserts that the estimate is refused. */
    private void assertRefused(RedisServer server, boolean exact, boolean samplePrimary, Runnable failover) {
        Timing timing = new Timing(InstantSource.system(), System::nanoTime, duration -> {
            if (waits++ == 1) {
                failover.run();
            }
        });
        try (BacklogEstimator estimator = new ReplicaFirstEstimator(
                new LettuceConnector(Duration.ofSeconds(1), Duration.ofSeconds(3)), timing, new Random(1))) {
            assertThatExceptionOfType(NodeRefusedException.class)
                    .isThrownBy(() -> estimator.estimate(
                            new EstimateRequest(DeploymentUri.parse(server.uri()), exact, samplePrimary)))
                    .withMessageContaining("127.0.0.1:" + server.port())
                    .withMessageContaining("a failover may be in progress")
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.TOPOLOGY_UNCLEAR));
        }
    }
}
