package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.assist.Assist;
import io.keysweep.engine.assist.AssistLedger;
import io.keysweep.engine.assist.AssistListener;
import io.keysweep.engine.assist.AssistReport;
import io.keysweep.engine.assist.AssistReport.AssistEnding;
import io.keysweep.engine.assist.AssistingEngine;
import io.keysweep.engine.assist.FolderLedger;
import io.keysweep.engine.assist.RaisedSettings;
import io.keysweep.engine.assist.SettingChange;
import io.keysweep.engine.assist.SettingOutcome;
import io.keysweep.engine.assist.SettingOutcome.State;
import io.keysweep.engine.assist.SettingsRestorer;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.sweep.Timing;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.ManualClock;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests assist on real servers: what it reclaims, and that the former settings are restored.
 *
 * <p>Assist raises settings of a server for a while, so that the server itself removes more expired keys.
 */
class AssistIT {

    /** The number of live keys. {@link #plant} gives half of them a TTL. */
    private static final int LIVE = 10_000;

    private static final int DEAD = 3_000;

    @TempDir
    private Path folder;

    /** Runs an action when the settings are raised, and records the final reports. */
    private static final class Recorder implements AssistListener {

        private final List<AssistReport> reports = new ArrayList<>();
        private Runnable whenRaised = () -> {};

        @Override
        public void onRaised(String nodeId, List<SettingChange> changes) {
            whenRaised.run();
        }

        @Override
        public void onRestored(RaisedSettings entry, List<SettingOutcome> settings) {}

        @Override
        public void onEnded(AssistReport report) {
            reports.add(report);
        }
    }

    static Stream<RedisVersion> versions() {
        return Stream.of(RedisVersion.REDIS_6_0, RedisVersion.REDIS_7_0, RedisVersion.REDIS_8_0, RedisVersion.VALKEY_9);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void assistAndSweep_serverWithItsOwnExpiry_countBothPartsApart(RedisVersion version) throws Exception {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            KeySpace keys = plant(client);
            List<String> formerSettings = settings(client);
            keys.switchExpiryOn();
            Recorder recorder = new Recorder();
            List<String> raisedSettings = new ArrayList<>();
            recorder.whenRaised = () -> raisedSettings.addAll(settings(client));

            SweepReport sweepReport = assistAndSweep(server, recorder);

            AssistReport assistReport = recorder.reports.getFirst();
            assertThat(assistReport.ending()).isEqualTo(AssistEnding.LITTLE_LEFT);
            assertThat(assistReport.counter()).isIn("expired_keys", "expired_keys_active");
            assertThat(raisedSettings)
                    .as("the settings while assist has raised them")
                    .containsExactly("500", "10", "yes");
            assertThat(settings(client)).isEqualTo(formerSettings);
            assertThat(sweepReport.exact()).isTrue();
            assertThat(assistReport.reclaimed() + sweepReport.reclaimed()).isLessThanOrEqualTo(DEAD);
            assertThat(client.info("expired_keys")).isEqualTo(Integer.toString(DEAD));
            assertThat(keys.size(0)).isEqualTo(LIVE);
            assertThat(ledger().entries()).isEmpty();
        }
    }

    /** Every volatile key is dead, so the server itself soon leaves nothing to the sweep. */
    @ParameterizedTest
    @MethodSource("versions")
    void assist_allVolatileKeysDead_endsWithNothingLeft(RedisVersion version) throws Exception {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client)
                    .plantWithoutTtl(/* db= */ 0, LIVE)
                    .plant(/* db= */ 0, /* live= */ 0, DEAD);
            keys.switchExpiryOn();

            AssistReport report = assist(server.uri(), new SweepControl(), new Recorder());

            assertThat(report.ending()).isEqualTo(AssistEnding.NOTHING_LEFT);
            assertThat(report.volatileKeysAfter()).isZero();
            assertThat(keys.size(0)).isEqualTo(LIVE);
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void assist_expirySwitchedOff_leavesItOffAndTheSweepCountsAll(RedisVersion version) throws Exception {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            KeySpace keys = plant(client);
            List<String> formerSettings = settings(client);
            Recorder recorder = new Recorder();

            SweepReport sweepReport = assistAndSweep(server, recorder);

            AssistReport assistReport = recorder.reports.getFirst();
            assertThat(assistReport.ending()).isEqualTo(AssistEnding.REFUSED);
            assertThat(assistReport.reason()).contains("seems to be switched off");
            assertThat(assistReport.reclaimed()).isZero();
            assertThat(sweepReport.reclaimed()).isEqualTo(DEAD);
            assertThat(sweepReport.exact()).isTrue();
            assertThat(settings(client)).isEqualTo(formerSettings);
            assertThat(keys.size(0)).isEqualTo(LIVE);
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void assist_userMayNotSetConfig_changesNothingAndSaysWhy(RedisVersion version) throws Exception {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            plant(client);
            List<String> formerSettings = settings(client);
            client.call("ACL", "SETUSER", "app", "on", ">secret", "~*", "+@all", "-config", "+config|get");
            String uri = server.uri().replace("redis://", "redis://app:secret@");

            AssistReport report = assist(uri, new SweepControl(), new Recorder());

            assertThat(report.ending()).isEqualTo(AssistEnding.REFUSED);
            assertThat(report.reason()).contains("CONFIG SET").contains("+config|set");
            assertThat(report.settings()).isEmpty();
            assertThat(settings(client)).isEqualTo(formerSettings);
        }
    }

    @Test
    void assist_serverWithoutTheSetting_isRefused() throws Exception {
        try (RedisServer server = RedisServer.start(RedisVersion.REDIS_2_8);
                RespClient client = server.client()) {
            client.call("SET", "k", "v", "EX", "1000");
            AssistReport report = assist(server.uri(), new SweepControl(), new Recorder());

            assertThat(report.ending()).isEqualTo(AssistEnding.REFUSED);
            assertThat(report.reason()).contains("no setting active-expire-effort");
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void assist_cancelledWhileRaised_restoresTheSettings(RedisVersion version) throws Exception {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            plant(client);
            List<String> formerSettings = settings(client);
            SweepControl control = new SweepControl();
            Recorder recorder = new Recorder();
            recorder.whenRaised = control::cancel;

            assertThat(assistInSimulatedTime(server.uri(), control, recorder).ending())
                    .isEqualTo(AssistEnding.CANCELLED);
            assertThat(settings(client)).isEqualTo(formerSettings);
            assertThat(ledger().entries()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void assist_otherClientSetsHzMeanwhile_leavesThatValue(RedisVersion version) throws Exception {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            plant(client);
            List<String> formerSettings = settings(client);
            Recorder recorder = new Recorder();
            recorder.whenRaised = () -> client.call("CONFIG", "SET", "hz", "77");

            AssistReport report = assistInSimulatedTime(server.uri(), new SweepControl(), recorder);

            assertThat(report.ending()).isEqualTo(AssistEnding.CHANGED_BY_OTHERS);
            assertThat(report.reason()).startsWith("hz is 77 and not 500");
            assertThat(settings(client)).containsExactly("77", formerSettings.get(1), formerSettings.get(2));
            assertThat(report.settings())
                    .filteredOn(setting -> setting.state() == State.LEFT_TO_OTHERS)
                    .hasSize(1);
            assertThat(ledger().entries()).isEmpty();
        }
    }

    @Test
    void assist_primaryBecomesReplica_restoresItsSettings() throws Exception {
        try (RedisServer primary = RedisServer.start(RedisVersion.REDIS_7_0);
                RedisServer newPrimary = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = primary.client()) {
            plant(client);
            List<String> formerSettings = settings(client);
            Recorder recorder = new Recorder();
            recorder.whenRaised = () -> client.call("REPLICAOF", "127.0.0.1", Integer.toString(newPrimary.port()));

            AssistReport report = assist(primary.uri(), new SweepControl(), recorder);

            assertThat(report.ending()).isEqualTo(AssistEnding.LOST);
            assertThat(settings(client)).isEqualTo(formerSettings);
            assertThat(ledger().entries()).isEmpty();
        }
    }

    @Test
    void assist_serverDies_keepsTheEntryUntilTheServerIsBack() throws Exception {
        try (RedisServer server = RedisServer.start(RedisVersion.REDIS_7_0);
                NodeConnector connector = LettuceEngine.connector()) {
            try (RespClient client = server.client()) {
                plant(client);
            }
            Recorder recorder = new Recorder();
            recorder.whenRaised = server::kill;

            AssistReport report = assist(server.uri(), new SweepControl(), recorder);

            assertThat(report.ending()).isEqualTo(AssistEnding.LOST);
            assertThat(report.stillRaised()).isTrue();
            assertThat(ledger().entries()).hasSize(1);

            // A failover by sentinels writes the settings that are in force to the configuration file.
            server.restart("--hz", "500", "--active-expire-effort", "10");
            Deployment deployment = deployment(server.uri());
            SettingsRestorer restorer = new SettingsRestorer(connector, ledger());

            assertThat(restorer.inspect(deployment)).hasSize(1);

            restorer.restore(deployment);
            try (RespClient client = server.client()) {
                assertThat(settings(client)).containsExactly("10", "1", "no");
            }

            assertThat(ledger().entries()).isEmpty();
        }
    }

    /** Switches the server's own expiry off, and plants live and dead keys. */
    private static KeySpace plant(RespClient client) {
        KeySpace keys = KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE / 2, DEAD);
        List<String[]> volatileKeys = new ArrayList<>();
        for (int i = 0; i < LIVE / 2; i++) {
            volatileKeys.add(new String[] {"SET", "volatile:" + i, "v", "EX", "100000"});
        }
        client.pipeline(volatileKeys);
        return keys;
    }

    /** Returns the values of the settings that assist can raise. */
    private static List<String> settings(RespClient client) {
        return Stream.of("hz", "active-expire-effort", "lazyfree-lazy-expire")
                .map(name -> setting(client, name))
                .toList();
    }

    private static String setting(RespClient client, String name) {
        @Nullable Object reply = client.call("CONFIG", "GET", name);
        return String.valueOf(((List<?>) Objects.requireNonNull(reply)).get(1));
    }

    private AssistLedger ledger() {
        return new FolderLedger(folder);
    }

    private Assist newAssist(Timing timing) {
        return new Assist(LettuceEngine.connector(), ledger(), timing);
    }

    /** Assists a server until the report says how that ended. */
    private AssistReport assist(String uri, SweepControl control, Recorder recorder) throws InterruptedException {
        return assist(Timing.system(), uri, control, recorder);
    }

    /** Assists with a simulated clock, because a slow machine must not look like a second without expired keys. */
    private AssistReport assistInSimulatedTime(String uri, SweepControl control, Recorder recorder)
            throws InterruptedException {
        ManualClock clock = new ManualClock();
        return assist(new Timing(clock, clock::nanoTime, clock::advance), uri, control, recorder);
    }

    private AssistReport assist(Timing timing, String uri, SweepControl control, Recorder recorder)
            throws InterruptedException {
        try (Assist assist = newAssist(timing)) {
            SweepRequest request =
                    SweepRequest.of(deployment(uri), PacePolicy.FULL).withPatience(Duration.ofSeconds(1));
            return assist.run(request, control, event -> {}, recorder);
        }
    }

    /** Assists a server, sweeps it afterwards, and returns the report of the sweep. */
    private SweepReport assistAndSweep(RedisServer server, Recorder recorder) throws InterruptedException {
        try (AssistingEngine engine =
                new AssistingEngine(LettuceEngine.sweepEngine(), newAssist(Timing.system()), recorder)) {
            return engine.sweep(
                    SweepRequest.of(deployment(server.uri()), PacePolicy.FULL), new SweepControl(), event -> {});
        }
    }

    private static Deployment deployment(String uri) {
        return DeploymentUri.parse(uri);
    }
}
