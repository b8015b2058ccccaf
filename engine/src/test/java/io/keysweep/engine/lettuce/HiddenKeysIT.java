package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.keysweep.engine.estimate.BacklogEstimator;
import io.keysweep.engine.estimate.Estimate;
import io.keysweep.engine.estimate.EstimateRequest;
import io.keysweep.engine.pacing.Limits;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepReport.Ending;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests sweeps and estimates of servers that hide expired keys because of a setting that the user must not read.
 *
 * <p>In import mode, for example, a server keeps expired keys but does not show them, so a sweep would reclaim nothing.
 */
final class HiddenKeysIT {

    private static final int LIVE = 20_000;

    /** The number of dead keys: less than a tenth of all keys, so deletions by other clients could explain them. */
    private static final int DEAD = 1_000;

    @AutoClose
    private static final SweepEngine engine = LettuceEngine.sweepEngine();

    @AutoClose
    private static final BacklogEstimator estimator = LettuceEngine.estimator();

    /** Returns the versions that have a setting which hides expired keys. */
    static Stream<RedisVersion> versions() {
        return RedisVersion.all().stream().filter(version -> version.isValkey() || version == RedisVersion.REDIS_8_6);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void sweep_unreadableSettingHidesExpiredKeys_failsAsNotReclaiming(RedisVersion version)
            throws InterruptedException {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);
            SweepRequest request = requestWithoutConfig(server, client);
            hideExpiredKeys(client, version);

            assertThatExceptionOfType(NodeRefusedException.class)
                    .isThrownBy(() -> engine.sweep(request, new SweepControl(), event -> {}))
                    .matches(e -> e.reason() == Reason.NOT_RECLAIMING)
                    .withMessageContaining("hide expired keys")
                    .withMessageContaining("refuses CONFIG GET");
            assertThat(keys.size(0)).isEqualTo(LIVE + DEAD);

            showExpiredKeys(client, version);
            SweepReport report = engine.sweep(request, new SweepControl(), event -> {});
            assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
            assertThat(report.reclaimed()).isEqualTo(DEAD);
            assertThat(keys.size(0)).isEqualTo(LIVE);
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void sweep_clusterNodeHidesExpiredKeys_failsAsNotReclaiming(RedisVersion version) throws InterruptedException {
        try (RedisServer server = RedisServer.startWithAllSlots(version);
                RespClient client = server.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);
            SweepRequest request = requestWithoutConfig(server, client);
            hideExpiredKeys(client, version);

            assertThatExceptionOfType(NodeRefusedException.class)
                    .isThrownBy(() -> engine.sweep(request, new SweepControl(), event -> {}))
                    .matches(e -> e.reason() == Reason.NOT_RECLAIMING)
                    .withMessageContaining("hide expired keys");

            showExpiredKeys(client, version);
            SweepReport report = engine.sweep(request, new SweepControl(), event -> {});
            assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
            assertThat(report.reclaimed()).isEqualTo(DEAD);
            assertThat(keys.size(0)).isEqualTo(LIVE);

            SweepReport secondReport = engine.sweep(request, new SweepControl(), event -> {});
            assertThat(secondReport.ending()).isEqualTo(Ending.COMPLETED);
            assertThat(secondReport.reclaimed()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void sweep_settingsUnreadableAndNoKeyExpired_completes(RedisVersion version) throws InterruptedException {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, /* dead= */ 0);
            client.call("SET", "volatile", "value", "EX", "3600");
            SweepReport report = engine.sweep(requestWithoutConfig(server, client), new SweepControl(), event -> {});

            assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
            assertThat(report.reclaimed()).isZero();
            assertThat(report.visited()).isGreaterThan(LIVE);
        }
    }

    /** The large database is sampled, and the small one is scanned completely. */
    @ParameterizedTest
    @MethodSource("versions")
    void estimate_unreadableSettingHidesExpiredKeys_isRefusedAsUnknowable(RedisVersion version) throws Exception {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            for (int live : List.of(60_000, 5_000)) {
                client.call("FLUSHALL");
                KeySpace keys = KeySpace.withExpiryOff(client).plant(/* db= */ 0, live, live / 2);
                Deployment deployment = deploymentWithoutConfig(server, client);
                hideExpiredKeys(client, version);

                assertThatExceptionOfType(NodeRefusedException.class)
                        .isThrownBy(() -> estimator.estimate(sampleOf(deployment)))
                        .matches(e -> e.reason() == Reason.NOT_RECLAIMING)
                        .withMessageContaining("nobody knows how many there are")
                        .withMessageContaining("refuses CONFIG GET");
                assertThat(keys.size(0)).isEqualTo(live + live / 2);

                showExpiredKeys(client, version);
                Estimate estimate = estimator.estimate(sampleOf(deployment)).getFirst();
                assertThat(estimate.dead()).isCloseTo(live / 2, withinPercentage(10));
                assertThat(estimate.reclaimed()).isPositive();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void estimate_settingsUnreadableAndNoKeyExpired_leavesRoomForHiddenKeys(RedisVersion version) throws Exception {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 60_000, /* dead= */ 0);
            client.pipeline(IntStream.range(0, 20_000)
                    .mapToObj(i -> new String[] {"SET", "volatile:" + i, "v", "EX", "3600"})
                    .toList());
            Estimate estimateWithSettings = estimator
                    .estimate(sampleOf(DeploymentUri.parse(server.uri())))
                    .getFirst();

            Estimate estimate = estimator
                    .estimate(sampleOf(deploymentWithoutConfig(server, client)))
                    .getFirst();

            assertThat(estimateWithSettings.dead()).isZero();
            assertThat(estimate.dead()).isZero();
            assertThat(estimate.highest())
                    .isGreaterThan(estimateWithSettings.highest())
                    .isLessThan(10_000);
        }
    }

    private static void hideExpiredKeys(RespClient client, RedisVersion version) {
        client.call("CONFIG", "SET", hidingSetting(version), version.isValkey() ? "yes" : "no");
    }

    private static void showExpiredKeys(RespClient client, RedisVersion version) {
        client.call("CONFIG", "SET", hidingSetting(version), version.isValkey() ? "no" : "yes");
    }

    /** Returns the setting that hides expired keys: from all commands, or from commands in scripts. */
    private static String hidingSetting(RedisVersion version) {
        return version.isValkey() ? "import-mode" : "lazyexpire-nested-arbitrary-keys";
    }

    /** Returns a request to estimate by a sample, on the primary if there is no replica. */
    private static EstimateRequest sampleOf(Deployment deployment) {
        return new EstimateRequest(deployment, /* exact= */ false, /* samplePrimary= */ true);
    }

    /** Creates a user who is not allowed to run CONFIG, and returns a request to sweep as this user. */
    private static SweepRequest requestWithoutConfig(RedisServer server, RespClient client) {
        return SweepRequest.of(deploymentWithoutConfig(server, client), PacePolicy.BALANCED.withLimits(Limits.NONE));
    }

    /** Creates a user who is not allowed to run CONFIG, and returns the server with this user. */
    private static Deployment deploymentWithoutConfig(RedisServer server, RespClient client) {
        client.call("ACL", "SETUSER", "sweeper", "on", ">secret-word", "~*", "+@all", "-config");
        return DeploymentUri.parse(server.uri(), "sweeper", "secret-word");
    }
}
