package io.keysweep.engine.lettuce;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import io.keysweep.testkit.RespException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests sweeps of servers that cannot do steps for a while: writes are paused, or a script of another client runs. */
@Execution(ExecutionMode.CONCURRENT)
final class BlockedServerIT {

    private static final int LIVE = 10_000;
    private static final int DEAD = 20_000;

    private static final String PAUSE_REASON = "writes are paused on the server (client_pause)";

    /** The length in ms of a pause that the test ends itself, once the sweep holds. */
    private static final String UNTIL_NOTICED = "600000";

    @AutoClose
    private static final SweepEngine engine = LettuceEngine.sweepEngine();

    @ParameterizedTest
    @EnumSource(names = {"REDIS_7_0", "REDIS_8_0", "VALKEY_8", "VALKEY_9"})
    void sweep_pausedWritesWithScripts_waitsAndMissesNoKey(RedisVersion version) throws InterruptedException {
        SweepReport report = sweepInPause(version, "+@all", /* pauseMillis= */ "400", new EventLog());
        assertThat(report.elapsed())
                .as("the time of the sweep, which includes the pause")
                .isGreaterThanOrEqualTo(Duration.ofMillis(400));
    }

    /**
     * The pause does not delay SCAN outside scripts, but hides expired keys from it. Only the servers of this test
     * report the pause.
     */
    @ParameterizedTest
    @EnumSource(names = {"VALKEY_8", "VALKEY_9"})
    void sweep_pausedWritesWithTransactions_holdsAndMissesNoKey(RedisVersion version) throws InterruptedException {
        EventLog log = new EventLog();
        sweepInPause(version, "+@all -eval", UNTIL_NOTICED, log);

        assertThat(log.holds()).contains(PAUSE_REASON);
    }

    /** The server is swept with transactions and does not report the pause. */
    @Test
    void sweep_pausedWritesOnRedis8AtFullShare_waitsAndMissesNoKey() throws InterruptedException {
        try (RedisServer server = RedisServer.start(RedisVersion.REDIS_8_0);
                RespClient client = server.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client).plant(/* db= */ 0, 5 * LIVE, 5 * DEAD);
            // Each pause is shorter than the time between two polls of the server.
            EventLog log = new EventLog(number -> {
                if (number < 5) {
                    client.call("CLIENT", "PAUSE", "100", "WRITE");
                }
            });
            SweepReport report = engine.sweep(
                    SweepRequest.of(DeploymentUri.parse(server.uri()), PacePolicy.FULL)
                            .withCheckpointEvery(Duration.ofMillis(10))
                            .withPatience(Duration.ofMinutes(3)),
                    new SweepControl(),
                    log);

            assertThat(report.profile().method()).startsWith("transaction");
            assertThat(report.reclaimed()).isEqualTo(5 * DEAD);
            assertThat(report.exact()).isTrue();
            assertThat(keys.size(0)).isEqualTo(5 * LIVE);
        }
    }

    /** The server answers every command with BUSY until another client's script has ended. */
    @ParameterizedTest
    @MethodSource("io.keysweep.testkit.RedisVersion#supported")
    void sweep_serverBusyWithAnotherScript_holdsAndStaysExact(RedisVersion version) throws InterruptedException {
        try (RedisServer server = RedisServer.start(version, "--lua-time-limit", "10");
                RespClient client = server.client();
                RespClient scriptClient = server.client();
                ExecutorService thread = Executors.newSingleThreadExecutor()) {
            KeySpace keys = KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);
            List<String> holds = new ArrayList<>();
            boolean[] scriptKilled = {false};
            int[] checkpoints = {0};
            SweepReport report = engine.sweep(request(server), new SweepControl(), event -> {
                if (event instanceof SweepEvent.Checkpointed && ++checkpoints[0] == 3) {
                    thread.execute(() -> assertThatExceptionOfType(RespException.class)
                            .isThrownBy(() -> scriptClient.call("EVAL", "while true do end", "0")));
                    await("the server is busy").until(() -> isBusy(client));
                } else if (event instanceof SweepEvent.HoldBegan hold) {
                    holds.add(hold.reason());
                    // Two holds may name the script, but only one script can be killed.
                    if (hold.reason().contains("is busy with a script of another client") && !scriptKilled[0]) {
                        scriptKilled[0] = true;
                        client.call("SCRIPT", "KILL");
                    }
                }
            });

            assertThat(holds).anyMatch(reason -> reason.contains("is busy with a script of another client"));
            assertThat(report.reclaimed()).isEqualTo(DEAD);
            assertThat(report.exact()).isTrue();
            assertThat(report.profile().method()).isEqualTo("script");
            assertThat(keys.size(0)).isEqualTo(LIVE);
        }
    }

    /**
     * Sweeps while writes are paused, and asserts that no key is missed.
     *
     * @param permissions the ACL rules of the user who sweeps
     * @param pauseMillis the length of the pause, which begins at the third checkpoint; or {@link #UNTIL_NOTICED}
     */
    private static SweepReport sweepInPause(RedisVersion version, String permissions, String pauseMillis, EventLog log)
            throws InterruptedException {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);
            client.call(("ACL SETUSER sweeper on >secret " + permissions).split(" "));
            boolean untilNoticed = pauseMillis.equals(UNTIL_NOTICED);
            int[] checkpoints = {0};
            SweepReport report = engine.sweep(request(server, "sweeper", "secret"), new SweepControl(), event -> {
                log.onEvent(event);
                if (event instanceof SweepEvent.Checkpointed && ++checkpoints[0] == 3) {
                    client.call("CLIENT", "PAUSE", pauseMillis, "WRITE");
                } else if (event instanceof SweepEvent.HoldBegan hold
                        && untilNoticed
                        && hold.reason().equals(PAUSE_REASON)) {
                    client.call("CLIENT", "UNPAUSE");
                }
            });

            assertThat(report.reclaimed()).isEqualTo(DEAD);
            assertThat(keys.size(0)).isEqualTo(LIVE);
            return report;
        }
    }

    /** Returns whether the server answers with BUSY, because it runs a script. */
    private static boolean isBusy(RespClient client) {
        try {
            client.call("PING");
            return false;
        } catch (RespException e) {
            return String.valueOf(e.getMessage()).startsWith("BUSY");
        }
    }

    private static SweepRequest request(RedisServer server) {
        return request(server, /* user= */ null, /* password= */ null);
    }

    private static SweepRequest request(RedisServer server, @Nullable String user, @Nullable String password) {
        return SweepRequest.of(DeploymentUri.parse(server.uri(), user, password), PacePolicy.GENTLE)
                .withCheckpointEvery(Duration.ofMillis(10))
                .withPatience(Duration.ofMinutes(3));
    }
}
