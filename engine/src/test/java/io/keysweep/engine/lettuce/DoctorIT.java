package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.advice.Advice;
import io.keysweep.engine.doctor.Diagnosis;
import io.keysweep.engine.doctor.Doctor;
import io.keysweep.engine.doctor.Finding;
import io.keysweep.engine.doctor.ServerDoctor;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.PrimarySweeper;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.sweep.Timing;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.Replication;
import io.keysweep.testkit.RespClient;
import io.keysweep.testkit.Waits;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests what the doctor finds on real servers in different states. */
final class DoctorIT {

    @AutoClose
    private static final Doctor doctor = new ServerDoctor(connector());

    @AutoClose
    private static final SweepEngine engine = new PrimarySweeper(connector(), Timing.system(), new Random(1));

    @ParameterizedTest
    @EnumSource(names = {"REDIS_6_0", "REDIS_7_0", "REDIS_8_0", "VALKEY_9"})
    void examine_primaryWithReplica_reportsFindingsAndTouchesNoKey(RedisVersion version) {
        try (RedisServer primary =
                        RedisServer.start(version, "--lazyfree-lazy-expire", "no", "--notify-keyspace-events", "Ex");
                RedisServer replica = EstimateIT.replicaOf(primary);
                RespClient client = primary.client();
                RespClient onReplica = replica.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client)
                    .plant(/* db= */ 0, /* live= */ 60, /* dead= */ 40)
                    .plant(/* db= */ 2, /* live= */ 0, /* dead= */ 20);
            Replication.awaitSynchronised(client, onReplica);

            Diagnosis onPrimary = examine(primary, /* user= */ null);
            Diagnosis replicaDiagnosis = examine(replica, /* user= */ null);

            // The primary can be swept. It has 60 live and 60 dead keys; one of the live keys has a TTL.
            assertThat(onPrimary.sweepable()).isTrue();
            assertThat(onPrimary.role()).isEqualTo(Diagnosis.ReplicationRole.PRIMARY);
            assertThat(onPrimary.keys()).isEqualTo(120);
            assertThat(onPrimary.volatileKeys()).isEqualTo(61);
            assertThat(onPrimary.method()).isEqualTo("script");
            assertThat(onPrimary.replicas())
                    .singleElement()
                    .matches(state -> state.address().equals("127.0.0.1:" + replica.port())
                            && state.state().equals("online"));
            assertThat(ids(onPrimary))
                    .contains(
                            "lazyfree-off",
                            "expired-events",
                            "replicas",
                            "volatile-share",
                            "native-expiry",
                            "persistence");
            assertThat(onPrimary.memory().usedBytes()).isPositive();
            assertThat(onPrimary.settings()).containsEntry("hz", "10");

            // The replica cannot be swept, and the first finding names its primary.
            assertThat(replicaDiagnosis.sweepable()).isFalse();
            assertThat(replicaDiagnosis.role()).isEqualTo(Diagnosis.ReplicationRole.REPLICA);
            assertThat(replicaDiagnosis.keys()).isEqualTo(120);
            assertThat(replicaDiagnosis.findings().getFirst().id()).isEqualTo("replica");
            assertThat(replicaDiagnosis.findings().getFirst().action()).contains("127.0.0.1:" + primary.port());

            assertThat(keys.size(0))
                    .as("the number of keys, of which the doctor touches none")
                    .isEqualTo(100);
            assertThat(keys.size(2)).isEqualTo(20);
        }
    }

    @ParameterizedTest
    @MethodSource("io.keysweep.testkit.RedisVersion#supported")
    void userCommand_asPrinted_createsAUserThatCanSweep(RedisVersion version) throws Exception {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client)
                    .plant(/* db= */ 0, /* live= */ 100, /* dead= */ 50)
                    .plant(/* db= */ 4, /* live= */ 10, /* dead= */ 20);

            // An administrator runs the printed command with a password of their own.
            String command =
                    Objects.requireNonNull(examine(server, /* user= */ null).userCommand());
            client.call(command.replace("PASSWORD", "secret").split(" "));

            // The new user can examine and sweep the server.
            Diagnosis diagnosis = examine(server, "keysweep");
            SweepReport report = engine.sweep(
                    SweepRequest.of(DeploymentUri.parse(server.uri(), "keysweep", "secret"), PacePolicy.FULL),
                    new SweepControl(),
                    event -> {});

            assertThat(diagnosis.sweepable()).isTrue();
            assertThat(ids(diagnosis)).doesNotContain("settings-unknown", "method-not-exact");
            assertThat(report.reclaimed()).isEqualTo(70);
            assertThat(report.exact()).isTrue();
            assertThat(report.profile().method()).isEqualTo("script");
            assertThat(keys.size(0)).isEqualTo(100);
            assertThat(keys.size(4)).isEqualTo(10);
        }
    }

    @ParameterizedTest
    @MethodSource("io.keysweep.testkit.RedisVersion#supported")
    void userCommand_forPurging_createsAUserThatCanPurge(RedisVersion version) throws Exception {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 100, /* dead= */ 50);
            Diagnosis diagnosis = doctor.examine(DeploymentUri.parse(server.uri()), /* purging= */ true)
                    .diagnoses()
                    .getFirst();

            assertThat(examine(server, /* user= */ null).userCommand()).doesNotContain("purge");
            client.call(Objects.requireNonNull(diagnosis.userCommand())
                    .replace("PASSWORD", "secret")
                    .split(" "));

            SweepReport report = engine.sweep(
                    SweepRequest.of(DeploymentUri.parse(server.uri(), "keysweep", "secret"), PacePolicy.FULL)
                            .withPurge(true),
                    new SweepControl(),
                    event -> {});

            assertThat(report.reclaimed()).isEqualTo(50);
            assertThat(Objects.requireNonNull(report.memory().purge()).done()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"REDIS_6_0", "REDIS_7_0", "REDIS_8_0", "VALKEY_9"})
    void examine_userWithoutConfigAndScan_reportsUnknownSettingsAndNoMethod(RedisVersion version) {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            client.call("ACL", "SETUSER", "app", "on", ">secret", "~*", "+@all", "-config", "-scan");

            Diagnosis diagnosis = examine(server, "app");

            assertThat(diagnosis.settings()).containsEntry("lazyfree-lazy-expire", Diagnosis.UNKNOWN);
            assertThat(diagnosis.method()).isNull();
            assertThat(diagnosis.sweepable()).isFalse();
            assertThat(ids(diagnosis)).contains("no-method", "settings-unknown");
        }
    }

    /** Many providers refuse CONFIG. Then assist is refused, too, and nobody can follow the advice to set something. */
    @ParameterizedTest
    @EnumSource(names = {"REDIS_7_0", "REDIS_8_0", "VALKEY_9"})
    void advice_userWithoutConfig_offersNoAssistAndAssumesDefaults(RedisVersion version) {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            KeySpace.withExpiryOff(client)
                    .plant(/* db= */ 0, /* live= */ 100, /* dead= */ 50_000)
                    .switchExpiryOn();
            Waits.await("the server's own expiry has taken time")
                    .until(() -> !"0".equals(client.info("expire_cycle_cpu_milliseconds")));
            client.call("ACL", "SETUSER", "app", "on", ">secret", "~*", "+@all", "-config");

            Diagnosis withConfig = examine(server, /* user= */ null);
            Diagnosis withoutConfig = examine(server, "app");

            Advice allowed = Objects.requireNonNull(withConfig.advice());
            assertThat(actions(allowed)).contains(Advice.AdvisedAction.ASSIST, Advice.AdvisedAction.CONTINUOUS_ASSIST);
            assertThat(allowed.settingsRefused()).isFalse();

            Advice refused = Objects.requireNonNull(withoutConfig.advice());
            assertThat(actions(refused))
                    .contains(
                            Advice.AdvisedAction.NOTHING,
                            Advice.AdvisedAction.PASSES,
                            Advice.AdvisedAction.CONTINUOUS_PASSES)
                    .doesNotContain(Advice.AdvisedAction.ASSIST, Advice.AdvisedAction.CONTINUOUS_ASSIST);
            assertThat(refused.settingsRefused()).isTrue();
            assertThat(refused.basis()).contains("settings of the server's own expiry are unknown");
            assertThat(withoutConfig.findings())
                    .filteredOn(finding -> finding.id().equals("advice"))
                    .singleElement()
                    .matches(finding -> finding.sentence().contains(refused.basis())
                            && finding.sentence().contains("keysweep estimate --ttl")
                            && finding.action().equals(refused.sentence()));
        }
    }

    private static List<Advice.AdvisedAction> actions(Advice advice) {
        return advice.options().stream().map(Advice.Option::action).toList();
    }

    @Test
    void examine_redis28_isTooOld() {
        try (RedisServer server = RedisServer.start(RedisVersion.REDIS_2_8)) {
            Diagnosis diagnosis = examine(server, /* user= */ null);

            assertThat(ids(diagnosis)).contains("too-old");
            assertThat(diagnosis.userCommand()).isNull();
        }
    }

    @Test
    void examine_pausedWritesAndImportMode_reportsBoth() {
        try (RedisServer server = RedisServer.start(RedisVersion.VALKEY_9, "--import-mode", "yes");
                RespClient client = server.client()) {
            client.call("CLIENT", "PAUSE", "60000", "WRITE");

            assertThat(ids(examine(server, /* user= */ null))).contains("not-reclaiming", "import-mode");
        }
    }

    @Test
    void examine_pauseThatRedisDoesNotReport_isReportedAsTheReason() {
        // Redis 7.0 does not report a pause in INFO. This doctor waits only 5 s for an answer.
        Duration silence = Duration.ofSeconds(5);
        try (RedisServer server = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = server.client();
                Doctor doctorWithShortTimeout = new ServerDoctor(new LettuceConnector(silence, silence))) {
            client.call("CLIENT", "PAUSE", "60000", "WRITE");
            Diagnosis diagnosis = doctorWithShortTimeout
                    .examine(DeploymentUri.parse(server.uri()), /* purging= */ false)
                    .diagnoses()
                    .getFirst();

            assertThat(diagnosis.sweepable()).isFalse();
            assertThat(diagnosis.methodReason()).contains("CLIENT PAUSE");
        }
    }

    @Test
    void examine_replicaWithoutPrimary_isStillExamined() {
        try (RedisServer replica = RedisServer.start(
                RedisVersion.REDIS_7_0, "--replicaof", "127.0.0.1", "1", "--replica-serve-stale-data", "no")) {
            assertThat(ids(examine(replica, /* user= */ null))).contains("replica", "no-method");
        }
    }

    /** Examines a server as a user with the password "secret", or without credentials. */
    private static Diagnosis examine(RedisServer server, @Nullable String user) {
        Deployment deployment = DeploymentUri.parse(server.uri(), user, user == null ? null : "secret");
        return doctor.examine(deployment, /* purging= */ false).diagnoses().getFirst();
    }

    /** Returns the ids of the findings. */
    private static List<String> ids(Diagnosis diagnosis) {
        return diagnosis.findings().stream().map(Finding::id).toList();
    }

    private static LettuceConnector connector() {
        return new LettuceConnector(Duration.ofMinutes(1), Duration.ofMinutes(1));
    }
}
