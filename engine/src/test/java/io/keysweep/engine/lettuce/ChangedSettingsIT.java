package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.engine.pacing.Limits;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.PrimarySweeper;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepReport.Ending;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.sweep.Timing;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.ManualClock;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.time.Duration;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests sweeps of a Valkey on which a client switches on {@code import-mode} meanwhile.
 *
 * <p>In that mode the server hides expired keys and removes none, although every step succeeds.
 */
@Execution(ExecutionMode.CONCURRENT)
final class ChangedSettingsIT {

    private static final int LIVE = 20_000;
    private static final int DEAD = 10_000;

    /** The reason for which a sweep holds during an import. */
    private static final String IMPORT_HOLD =
            "it is in import mode and expires nothing; end the import with: CONFIG SET import-mode no";

    /**
     * A pace at which a sweep of all keys takes about three seconds, without limits that a busy test machine reaches.
     */
    private static final PacePolicy SLOW =
            PacePolicy.GENTLE.withRateCeiling(10_000).withLimits(Limits.NONE);

    @AutoClose
    private static final SweepEngine engine = LettuceEngine.sweepEngine();

    /** The fraction of the sweep, 0 to 1, that was done when it held; 1 if it never held. */
    private double fractionAtHold = 1;

    /**
     * A short sweep reads the settings only at its start and end. The gentle pace uses scripts, and the full pace
     * transactions.
     */
    @ParameterizedTest
    @CsvSource({"VALKEY_8, gentle", "VALKEY_8, full", "VALKEY_9, gentle", "VALKEY_9, full"})
    void sweep_importBeginsInShortSweep_isNoticedBeforeTheEnd(RedisVersion version, String profile)
            throws InterruptedException {
        PacePolicy pace = profile.equals("full") ? PacePolicy.FULL : PacePolicy.GENTLE;
        assertNoKeyIsMissedInImport(version, pace.withLimits(Limits.NONE));
    }

    @ParameterizedTest
    @EnumSource(names = {"VALKEY_8", "VALKEY_9"})
    void sweep_importBeginsInLongSweep_isNoticedInTheMiddle(RedisVersion version) throws InterruptedException {
        assertNoKeyIsMissedInImport(version, SLOW);
        assertThat(fractionAtHold).isLessThan(0.8);
    }

    /** Before the first step, an administrator revokes the right to read settings, and then begins an import. */
    @ParameterizedTest
    @EnumSource(names = {"VALKEY_8", "VALKEY_9"})
    void sweep_settingsBecomeUnreadableAndImportBegins_failsAsNotReclaiming(RedisVersion version) {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            // The dead keys are less than a tenth of all keys, so deletions by other clients could explain them.
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, LIVE / 20);
            client.call("ACL", "SETUSER", "sweeper", "on", ">secret-word", "~*", "+@all");
            SweepRequest request = SweepRequest.of(
                    DeploymentUri.parse(server.uri(), "sweeper", "secret-word"),
                    PacePolicy.GENTLE.withLimits(Limits.NONE));
            EventLog log = new EventLog(checkpoint -> {
                if (checkpoint == 1) {
                    client.call("ACL", "SETUSER", "sweeper", "-config");
                    client.call("CONFIG", "SET", "import-mode", "yes");
                }
            });

            assertThatExceptionOfType(NodeRefusedException.class)
                    .isThrownBy(() -> engine.sweep(request, new SweepControl(), log))
                    .matches(e -> e.reason() == Reason.NOT_RECLAIMING)
                    .withMessageContaining("hide expired keys");
        }
    }

    /**
     * An import begins at the third checkpoint, and the sweep crashes at the twentieth, before it reads the settings
     * again. The last checkpoint must have the positions from before the import.
     */
    @ParameterizedTest
    @EnumSource(names = {"VALKEY_8", "VALKEY_9"})
    void resume_afterCrashInImport_sweepsHiddenKeysAgain(RedisVersion version) throws InterruptedException {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);
            EventLog log = new EventLog(checkpoint -> {
                if (checkpoint == 3) {
                    client.call("CONFIG", "SET", "import-mode", "yes");
                } else if (checkpoint == 20) {
                    throw new IllegalStateException("crash");
                }
            });
            SweepRequest request = request(server, SLOW);

            // The run crashes before it notices the import, which ends before the next run.
            assertThatThrownBy(() -> sweepInSimulatedTime(request, new SweepControl(), log))
                    .hasMessage("crash");
            assertThat(log.holds()).isEmpty();
            client.call("CONFIG", "SET", "import-mode", "no");

            SweepReport report =
                    engine.sweep(request.resumingFrom(log.lastCheckpoint()), new SweepControl(), new EventLog());
            assertThat(report.reclaimed()).isEqualTo(DEAD);
            assertThat(keys.size(0)).isEqualTo(LIVE);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"VALKEY_8", "VALKEY_9"})
    void resume_afterCancelInImport_sweepsHiddenKeysAgain(RedisVersion version) throws InterruptedException {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);
            SweepControl control = new SweepControl();
            EventLog log = new EventLog(checkpoint -> {
                if (checkpoint == 3) {
                    client.call("CONFIG", "SET", "import-mode", "yes");
                } else if (checkpoint == 20) {
                    control.cancel();
                }
            });
            SweepRequest request = request(server, SLOW);

            assertThat(sweepInSimulatedTime(request, control, log).ending()).isEqualTo(Ending.CANCELLED);
            client.call("CONFIG", "SET", "import-mode", "no");

            SweepReport report =
                    engine.sweep(request.resumingFrom(log.lastCheckpoint()), new SweepControl(), new EventLog());
            assertThat(report.reclaimed()).isEqualTo(DEAD);
            assertThat(keys.size(0)).isEqualTo(LIVE);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"VALKEY_8", "VALKEY_9"})
    void sweep_importWithoutEnd_isRefusedAndNotCompleted(RedisVersion version) {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);
            EventLog log = new EventLog(checkpoint -> {
                if (checkpoint == 2) {
                    client.call("CONFIG", "SET", "import-mode", "yes");
                }
            });
            SweepRequest request = request(server, PacePolicy.GENTLE).withPatience(Duration.ofMillis(200));

            assertThatExceptionOfType(NodeRefusedException.class)
                    .isThrownBy(() -> engine.sweep(request, new SweepControl(), log))
                    .matches(e -> e.reason() == Reason.NOT_RECLAIMING)
                    .withMessageContaining("import mode");
        }
    }

    /**
     * The sweep reads the settings that can prevent it from reclaiming at most once per second. On a server that has
     * none of these settings, it reads settings only at the start.
     */
    @ParameterizedTest
    @EnumSource(names = {"REDIS_7_0", "REDIS_8_0", "VALKEY_8", "VALKEY_9"})
    void sweep_ofSomeSeconds_readsSettingsAtMostOncePerSecond(RedisVersion version) throws InterruptedException {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);
            client.call("CONFIG", "RESETSTAT");
            SweepReport report = engine.sweep(request(server, SLOW), new SweepControl(), event -> {});
            long seconds = report.elapsed().toSeconds();

            assertThat(seconds).isGreaterThanOrEqualTo(2);
            // At its start, the sweep reads each of the seven settings of ServerSettings once.
            long laterReadings = settingsRead(client) - 7;
            if (version.isValkey()) {
                assertThat(laterReadings).isBetween(2L, seconds + 1);
            } else {
                assertThat(laterReadings).isZero();
            }
        }
    }

    /**
     * Sweeps a real server with a clock that only the sweep's own waits advance. So twenty checkpoints always come
     * before the settings are read again, even on a slow machine.
     */
    private static SweepReport sweepInSimulatedTime(SweepRequest request, SweepControl control, EventLog log)
            throws InterruptedException {
        ManualClock clock = new ManualClock();
        Timing timing = new Timing(clock, clock::nanoTime, clock::advance);
        try (PrimarySweeper simulated = new PrimarySweeper(LettuceEngine.connector(), timing, new Random(1))) {
            return simulated.sweep(request, control, log);
        }
    }

    /** Returns how often clients have read settings since the last reset of the statistics. */
    private static long settingsRead(RespClient client) {
        Matcher calls =
                Pattern.compile("cmdstat_config\\|get:calls=(\\d+)").matcher(client.callText("INFO", "commandstats"));
        assertThat(calls.find()).isTrue();
        return Long.parseLong(calls.group(1));
    }

    private static SweepRequest request(RedisServer server, PacePolicy pace) {
        return SweepRequest.of(DeploymentUri.parse(server.uri()), pace)
                .withCheckpointEvery(Duration.ofMillis(10))
                .withPatience(Duration.ofMinutes(3));
    }

    /** Begins an import during a sweep, ends it once the sweep holds, and asserts that the sweep misses no key. */
    private void assertNoKeyIsMissedInImport(RedisVersion version, PacePolicy pace) throws InterruptedException {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);
            EventLog log = new EventLog(checkpoint -> {
                if (checkpoint == 2) {
                    client.call("CONFIG", "SET", "import-mode", "yes");
                }
            });
            SweepReport report = engine.sweep(request(server, pace), new SweepControl(), event -> {
                log.onEvent(event);
                if (event instanceof SweepEvent.HoldBegan) {
                    fractionAtHold = log.lastCheckpoint().fraction();
                    client.call("CONFIG", "SET", "import-mode", "no");
                }
            });

            assertThat(log.holds()).containsExactly(IMPORT_HOLD);
            assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
            assertThat(report.reclaimed()).isEqualTo(DEAD);
            assertThat(report.exact()).isTrue();
            assertThat(keys.size(0)).isEqualTo(LIVE);
        }
    }
}
