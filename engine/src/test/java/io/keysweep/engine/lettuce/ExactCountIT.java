package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepReport.DatabaseCount;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests on real servers that each reclaim method counts every expired key exactly once. */
final class ExactCountIT {

    @AutoClose
    private static final SweepEngine engine = LettuceEngine.sweepEngine();

    /** Returns each version with permissions of a user, and the reclaim method that the sweep must choose for them. */
    static Stream<Arguments> versionsAndMethods() {
        return RedisVersion.all().stream()
                .flatMap(version -> Stream.of(
                        // At full share, key names leave the server where that is cheaper.
                        Arguments.of(version, "+@all", atFullShare(version)),
                        Arguments.of(
                                version,
                                "+@all -eval",
                                atFullShare(version).equals("script")
                                        ? withoutEval(version, "transaction")
                                        : atFullShare(version)),
                        Arguments.of(version, "+@all -eval -multi", withoutEval(version, "pipeline")),
                        Arguments.of(version, "-@all +info +select +dbsize +scan +eval", "script"),
                        Arguments.of(version, "-@all +info +select +dbsize +scan", withoutEval(version, "pipeline"))));
    }

    @ParameterizedTest
    @MethodSource("versionsAndMethods")
    void sweep_severalDatabases_reclaimsAndCountsEveryExpiredKey(
            RedisVersion version, String permissions, String method) throws InterruptedException {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client)
                    .plant(/* db= */ 0, /* live= */ 12_000, /* dead= */ 6_000)
                    .plant(/* db= */ 3, /* live= */ 0, /* dead= */ 700)
                    .plant(/* db= */ 9, /* live= */ 300, /* dead= */ 0);
            client.call(("ACL SETUSER sweeper on >secret resetkeys " + permissions).split(" "));

            SweepReport report = engine.sweep(
                    SweepRequest.of(DeploymentUri.parse(server.uri(), "sweeper", "secret"), PacePolicy.FULL),
                    new SweepControl(),
                    new EventLog());

            assertThat(report.profile().method()).isEqualTo(method);
            assertThat(report.reclaimed()).isEqualTo(6_700);
            // The three commands of a pipeline normally run back to back, but the server does not guarantee it.
            assertThat(report.exact()).isEqualTo(!method.startsWith("pipeline"));
            assertThat(report.databases())
                    .extracting(DatabaseCount::db, DatabaseCount::reclaimed)
                    .containsExactly(tuple(0, 6_000L), tuple(3, 700L), tuple(9, 0L));
            assertThat(List.of(keys.size(0), keys.size(3), keys.size(9))).containsExactly(12_000L, 0L, 300L);
            assertThat(client.info("expired_keys")).isEqualTo("6700");
            if (!method.contains("names")) {
                // All 19,000 keys are visited, and a few at the ends of segments twice.
                assertThat(report.visited()).isBetween(19_000L, 20_500L);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.keysweep.testkit.RedisVersion#supported")
    void sweep_namesMustStay_almostNothingLeavesTheServer(RedisVersion version) throws InterruptedException {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 60_000, /* dead= */ 40_000);
            client.call("CONFIG", "RESETSTAT");
            // Each checkpoint reads INFO, so a slow machine must not take more checkpoints.
            SweepReport report = engine.sweep(
                    request(server, PacePolicy.FULL).withNamesStaying(true).withCheckpointEvery(Duration.ofMinutes(3)),
                    new SweepControl(),
                    new EventLog());

            assertThat(report.reclaimed()).isEqualTo(40_000);
            assertThat(report.profile().method()).isEqualTo("script");
            // The names of 100,000 keys would take more than 1,000,000 bytes.
            assertThat(Long.parseLong(client.info("total_net_output_bytes"))).isLessThan(300_000);
        }
    }

    @ParameterizedTest
    @MethodSource("io.keysweep.testkit.RedisVersion#supported")
    void sweep_paceChangedInTheMiddle_changesTheMethod(RedisVersion version) throws InterruptedException {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 20_000, /* dead= */ 10_000);
            assertThat(sweepRetuned(server, PacePolicy.GENTLE, PacePolicy.FULL)
                            .profile()
                            .method())
                    .isEqualTo(atFullShare(version));
            assertThat(keys.size(0)).isEqualTo(20_000);

            keys.plant(/* db= */ 0, /* live= */ 0, /* dead= */ 10_000);
            assertThat(sweepRetuned(server, PacePolicy.FULL, PacePolicy.BALANCED)
                            .profile()
                            .method())
                    .isEqualTo("script");
            assertThat(keys.size(0)).isEqualTo(20_000);
        }
    }

    @Test
    void sweep_namesMustStayFromTheMiddleOn_changesTheMethod() throws InterruptedException {
        try (RedisServer server = RedisServer.start(RedisVersion.VALKEY_8);
                RespClient client = server.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 20_000, /* dead= */ 10_000);
            SweepControl control = new SweepControl();
            SweepReport report = engine.sweep(
                    request(server, PacePolicy.FULL).withCheckpointEvery(Duration.ofMillis(5)),
                    control,
                    new EventLog(number -> {
                        if (number == 2) {
                            control.keepNames();
                        }
                    }));

            assertThat(report.reclaimed()).isEqualTo(10_000);
            assertThat(report.profile().method()).isEqualTo("script");
            assertThat(keys.size(0)).isEqualTo(20_000);
        }
    }

    @ParameterizedTest
    @MethodSource("io.keysweep.testkit.RedisVersion#supported")
    void sweep_emptyServer_completesImmediately(RedisVersion version) throws InterruptedException {
        try (RedisServer server = RedisServer.start(version)) {
            EventLog log = new EventLog();
            SweepReport report = sweep(server, log);
            assertThat(report.ending()).isEqualTo(SweepReport.Ending.COMPLETED);
            assertThat(report.visited()).isZero();
            assertThat(report.steps()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("io.keysweep.testkit.RedisVersion#supported")
    void sweep_oneExpiredKey_isReclaimed(RedisVersion version) throws InterruptedException {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 15, /* live= */ 0, /* dead= */ 1);
            SweepReport report = sweep(server, new EventLog());

            assertThat(report.reclaimed()).isEqualTo(1);
            assertThat(report.visited()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource("io.keysweep.testkit.RedisVersion#supported")
    void sweep_serverExpiresMeanwhile_noKeyIsCountedTwiceOrMissed(RedisVersion version) throws InterruptedException {
        try (RedisServer server = RedisServer.start(version, "--hz", "100");
                RespClient client = server.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 20_000, /* dead= */ 30_000);
            SweepReport report =
                    engine.sweep(request(server, PacePolicy.GENTLE), new SweepControl(), new EventLog(number -> {
                        if (number == 1) {
                            keys.switchExpiryOn();
                        }
                    }));

            assertThat(keys.size(0)).isEqualTo(20_000);
            assertThat(client.info("expired_keys")).isEqualTo("30000");
            assertThat(report.reclaimed()).isLessThan(30_000);
            assertThat(report.exact()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("io.keysweep.testkit.RedisVersion#supported")
    void sweep_tableResizedMeanwhile_missesNoPlantedKey(RedisVersion version) throws Exception {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client();
                KeyWriter writer = new KeyWriter(server)) {
            KeySpace keys = KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 10_000, /* dead= */ 20_000);
            EventLog log = new EventLog(writer::writeSome);
            SweepReport report = engine.sweep(
                    SweepRequest.of(DeploymentUri.parse(server.uri()), PacePolicy.GENTLE)
                            .withCheckpointEvery(Duration.ofMillis(10))
                            .withPatience(Duration.ofMinutes(3)),
                    new SweepControl(),
                    log);

            assertThat(log.checkpoints()).isGreaterThan(5);
            assertThat(report.reclaimed()).isEqualTo(20_000);
            assertThat(keys.size(0)).isEqualTo(10_000 + writer.keysLeft());
        }
    }

    private static SweepReport sweep(RedisServer server, EventLog log) throws InterruptedException {
        return engine.sweep(request(server, PacePolicy.FULL), new SweepControl(), log);
    }

    private static SweepRequest request(RedisServer server, PacePolicy pace) {
        return SweepRequest.of(DeploymentUri.parse(server.uri()), pace);
    }

    /** Sweeps at one pace until the second checkpoint and at another after it; asserts that the count is exact. */
    private static SweepReport sweepRetuned(RedisServer server, PacePolicy from, PacePolicy to)
            throws InterruptedException {
        SweepControl control = new SweepControl();
        SweepReport report = engine.sweep(
                request(server, from).withCheckpointEvery(Duration.ofMillis(5)), control, new EventLog(number -> {
                    if (number == 2) {
                        control.retune(to, new SweepControl.SweepIntervention("the test", ""));
                    }
                }));

        assertThat(report.reclaimed()).isEqualTo(10_000);
        assertThat(report.exact()).isTrue();
        return report;
    }

    /** Returns the method at full share for a user with all permissions. */
    private static String atFullShare(RedisVersion version) {
        return version.isValkey() || version == RedisVersion.REDIS_8_0 ? "transaction" : "script";
    }

    /** Returns the full name of a method without scripts, which transfers no key names if the server allows that. */
    private static String withoutEval(RedisVersion version, String method) {
        return version.isValkey() || version == RedisVersion.REDIS_8_6 ? method : method + " without names";
    }
}
