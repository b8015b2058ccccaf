package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.keysweep.engine.estimate.BacklogEstimator;
import io.keysweep.engine.estimate.EstimateRequest;
import io.keysweep.engine.estimate.ReplicaFirstEstimator;
import io.keysweep.engine.sweep.Timing;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.Replication;
import io.keysweep.testkit.RespClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that an estimate is refused if its numbers would be wrong. */
final class EstimateRefusalIT {

    private static final int LIVE = 30_000;
    private static final int DEAD = 20_000;

    /** How often the estimate has waited, which it does after each call. */
    private int waits;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void estimate_replicaIsPromotedMeanwhile_isRefused(boolean exact) throws Exception {
        try (RedisServer primary = RedisServer.start(RedisVersion.REDIS_7_0);
                RedisServer replica = EstimateIT.replicaOf(primary);
                RespClient client = primary.client();
                RespClient onReplica = replica.client()) {
            KeySpace.frozen(client).plant(0, LIVE, DEAD);
            Replication.awaitSynchronised(client, onReplica);

            assertRefused(replica, exact, /* samplePrimary= */ false, () -> onReplica.call("REPLICAOF", "NO", "ONE"));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"REDIS_6_0", "VALKEY_9"})
    void estimate_primaryIsDemotedMeanwhile_isRefused(RedisVersion version) throws Exception {
        try (RedisServer primary = RedisServer.start(version);
                RespClient client = primary.client()) {
            KeySpace.frozen(client).plant(0, LIVE, DEAD);

            // Nothing listens there, so the data stays.
            assertRefused(
                    primary,
                    /* exact= */ false,
                    /* samplePrimary= */ true,
                    () -> client.call("REPLICAOF", "127.0.0.1", "1"));
        }
    }

    private void assertRefused(RedisServer server, boolean exact, boolean samplePrimary, Runnable failover) {
        Timing timing = new Timing(InstantSource.system(), System::nanoTime, duration -> {
            if (waits++ == 1) {
                failover.run();
            }
        });
        try (BacklogEstimator estimator = new ReplicaFirstEstimator(
                new LettuceConnector(Duration.ofSeconds(1), Duration.ofSeconds(3)), timing, new Random(1))) {
            assertThatExceptionOfType(NodeRefusedException.class)
                    .isThrownBy(() -> estimator.estimate(new EstimateRequest(
                            DeploymentUri.parse(server.uri(), null, null), exact, samplePrimary)))
                    .withMessageContaining("127.0.0.1:" + server.port())
                    .withMessageContaining("a failover may be in progress")
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.TOPOLOGY_UNCLEAR));
        }
    }
}
