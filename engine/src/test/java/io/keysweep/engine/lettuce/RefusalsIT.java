package io.keysweep.engine.lettuce;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.sweep.PrimarySummary;
import io.keysweep.engine.sweep.PrimarySweeper;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.Timing;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests the inspection of healthy servers, and the refusals of servers that cannot be swept at present. */
final class RefusalsIT {

    @AutoClose
    private static final SweepEngine engine = new PrimarySweeper(
            new LettuceConnector(Duration.ofMinutes(1), Duration.ofMinutes(1)), Timing.system(), new Random(1));

    private final InspectionRefusals refusals = new InspectionRefusals(engine);

    @ParameterizedTest
    @MethodSource("io.keysweep.testkit.RedisVersion#all")
    void inspect_healthyServer_describesItAndTouchesNothing(RedisVersion version) {
        try (RedisServer server = RedisServer.start(version, "--maxmemory", "100mb");
                RespClient client = server.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client)
                    .plant(/* db= */ 0, /* live= */ 3, /* dead= */ 2)
                    .plant(/* db= */ 7, /* live= */ 0, /* dead= */ 4);

            PrimarySummary inspection = engine.inspect(DeploymentUri.parse(server.uri()));

            // The summary has the keys and the memory.
            assertThat(inspection.nodeId()).isEqualTo("127.0.0.1:" + server.port());
            assertThat(inspection.keys())
                    .containsEntry(0, 5L)
                    .containsEntry(7, 4L)
                    .hasSize(2);
            assertThat(inspection.expires()).containsEntry(0, 3L).containsEntry(7, 4L);
            assertThat(inspection.totalKeys()).isEqualTo(9);
            assertThat(inspection.maxMemory()).isEqualTo(100L << 20);
            assertThat(inspection.usedMemory()).isPositive();

            // The profile has the product, the version and the settings.
            assertThat(inspection.profile().flavour().name()).isEqualTo(version.isValkey() ? "VALKEY" : "REDIS");
            assertThat(inspection.profile().version())
                    .startsWith(version.label().replace("valkey-", ""));
            assertThat(inspection.profile().lazyFree()).isEqualTo(version.isValkey());
            assertThat(inspection.profile().clusterEnabled()).isFalse();

            assertThat(keys.size(0))
                    .as("the number of keys, of which the inspection touches none")
                    .isEqualTo(5);
            assertThat(keys.size(7)).isEqualTo(4);
        }
    }

    @Test
    void inspect_clusterEnabledServer_isReported() {
        try (RedisServer server = RedisServer.start(RedisVersion.REDIS_7_0, "--cluster-enabled", "yes")) {
            assertThat(engine.inspect(DeploymentUri.parse(server.uri()))
                            .profile()
                            .clusterEnabled())
                    .isTrue();
        }
    }

    @Test
    void inspect_redis28_isTooOld() {
        try (RedisServer server = RedisServer.start(RedisVersion.REDIS_2_8)) {
            refusals.assertRefused(server, Reason.TOO_OLD, "2.8.19", "4.0");
        }
    }

    @ParameterizedTest
    @MethodSource("io.keysweep.testkit.RedisVersion#supported")
    void inspect_replica_namesItsPrimary(RedisVersion version) {
        try (RedisServer primary = RedisServer.start(version);
                RedisServer replica =
                        RedisServer.start(version, "--replicaof", "127.0.0.1", Integer.toString(primary.port()));
                RespClient onReplica = replica.client()) {
            // Until it is synchronised, the replica may refuse commands because it loads data.
            await("the replica is synchronised").until(() -> "up".equals(onReplica.info("master_link_status")));
            refusals.assertRefused(replica, Reason.REPLICA, "127.0.0.1:" + primary.port());
        }
    }

    @ParameterizedTest
    @MethodSource("io.keysweep.testkit.RedisVersion#supported")
    void inspect_replicaWithoutPrimary_isRefusedForItsLink(RedisVersion version) {
        try (RedisServer replica =
                RedisServer.start(version, "--replicaof", "127.0.0.1", "1", "--replica-serve-stale-data", "no")) {
            refusals.assertRefused(replica, Reason.REPLICA_WITHOUT_PRIMARY, "MASTERDOWN");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"REDIS_7_0", "REDIS_8_0", "VALKEY_8", "VALKEY_9"})
    void inspect_loadingServer_isRefusedAsLoading(RedisVersion version) {
        try (RedisServer server = RedisServer.start(version)) {
            try (RespClient client = server.client()) {
                // The server loads these keys for longer than a stall of the test lasts.
                KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 20_000, /* dead= */ 0);
                client.call("SAVE");
            }
            server.restart(BreakageIT.slowLoading(version));
            refusals.assertRefused(server, Reason.LOADING, "loading its data set");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"VALKEY_8", "VALKEY_9"})
    void inspect_pausedWrites_isNotReclaiming(RedisVersion version) {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            client.call("CLIENT", "PAUSE", "60000", "WRITE");
            refusals.assertRefused(server, Reason.NOT_RECLAIMING, "paused");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"VALKEY_8", "VALKEY_9"})
    void inspect_importMode_isNotReclaiming(RedisVersion version) {
        try (RedisServer server = RedisServer.start(version, "--import-mode", "yes")) {
            refusals.assertRefused(server, Reason.NOT_RECLAIMING, "CONFIG SET import-mode no");
        }
    }
}
