package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.engine.pacing.Limit;
import io.keysweep.engine.pacing.Limits;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.pacing.Signal;
import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.sweep.SweepListener;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepReport.Ending;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.Replication;
import io.keysweep.testkit.RespClient;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests sweeps that break: this process crashes, connections are killed, servers restart or change their role. */
@Execution(ExecutionMode.CONCURRENT)
// The class takes long, so it starts first; see junit-platform.properties.
@Order(1)
final class BreakageIT {

    private static final int LIVE = 10_000;
    private static final int DEAD = 20_000;

    /** The number of keys that {@link #slowLoading} loads in half a minute, longer than a stall of the test lasts. */
    private static final int SLOWLY_LOADED = 15_000;

    /** The default pace without the latency limit, because a busy test machine answers slowly. */
    private static final PacePolicy PACE = PacePolicy.GENTLE.withLimits(Limits.GENTLE.with(Signal.LATENCY, Limit.NONE));

    @AutoClose
    private static final SweepEngine engine = LettuceEngine.sweepEngine();

    /** The number of reclaimed keys when the action of {@link #onceReclaimed} ran. */
    private final AtomicLong reclaimedBefore = new AtomicLong();

    @ParameterizedTest
    @MethodSource("io.keysweep.testkit.RedisVersion#supported")
    void resume_afterCrashAtAnyCheckpoint_countsEveryKeyOnce(RedisVersion version) throws InterruptedException {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client);
            for (int crashAt = 1; crashAt <= 4; crashAt++) {
                keys.plant(/* db= */ 0, LIVE, DEAD);
                SweepReport report = sweepWithCrash(server, crashAt);

                assertThat(report.reclaimed()).isEqualTo(DEAD);
                assertThat(report.exact()).isTrue();
                assertThat(keys.size(0)).isEqualTo((long) LIVE * crashAt);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.keysweep.testkit.RedisVersion#supported")
    void sweep_connectionKilled_continuesAndCountsEveryKeyOnce(RedisVersion version) throws InterruptedException {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);
            // The connections are killed at the third and at the sixth checkpoint.
            EventLog log = new EventLog(number -> {
                if (number == 3 || number == 6) {
                    client.call("CLIENT", "KILL", "TYPE", "normal");
                }
            });
            SweepReport report = engine.sweep(request(server), new SweepControl(), log);

            assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
            assertThat(report.reclaimed()).isEqualTo(DEAD);
            assertThat(report.exact()).isTrue();
            assertThat(keys.size(0)).isEqualTo(LIVE);
            assertThat(log.holds()).isNotEmpty().allMatch(reason -> reason.startsWith("reconnecting"));
        }
    }

    @ParameterizedTest
    @MethodSource("io.keysweep.testkit.RedisVersion#supported")
    void sweep_connectionKilledWithStepsInFlight_countsEveryKeyOnce(RedisVersion version) throws InterruptedException {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client();
                RespClient killer = server.client()) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, 10 * LIVE, 10 * DEAD);
            int[] kills = new int[1];
            // Progress is reported between two replies, while the next steps are in flight.
            SweepListener killListener = event -> {
                if (event instanceof SweepEvent.Progressed && kills[0] < 3) {
                    kills[0]++;
                    killer.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
                }
            };
            SweepRequest request = request(server);
            SweepReport report = engine.sweep(
                    SweepRequest.of(request.deployment(), PacePolicy.FULL)
                            .withCheckpointEvery(Duration.ofMillis(20))
                            .withPatience(request.patience()),
                    new SweepControl(),
                    killListener);

            assertThat(kills[0]).isPositive();
            assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
            assertThat(report.reclaimed()).isEqualTo(10 * DEAD);
            assertThat(report.exact()).isTrue();
            assertThat(killer.call("DBSIZE")).isEqualTo(10L * LIVE);
        }
    }

    @ParameterizedTest
    @MethodSource("io.keysweep.testkit.RedisVersion#supported")
    void sweep_serverRestartsAndLoads_keepsCountsAndStartsOver(RedisVersion version) throws InterruptedException {
        try (RedisServer server = RedisServer.start(version)) {
            try (RespClient client = server.client()) {
                KeySpace.withExpiryOff(client).plant(/* db= */ 0, SLOWLY_LOADED, /* dead= */ 0);
                // The next process loads the saved keys, but not the expired ones among them.
                client.call("SAVE");
                KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);
            }
            EventLog log = new EventLog();
            SweepListener restartListener = onceReclaimed(() -> server.restart(slowLoading(version)));
            SweepReport report = engine.sweep(request(server), new SweepControl(), event -> {
                log.onEvent(event);
                restartListener.onEvent(event);
                if (event instanceof SweepEvent.HoldBegan hold && hold.reason().contains("loading its data set")) {
                    loadFast(server);
                }
            });

            assertThat(reclaimedBefore).hasPositiveValue();
            assertThat(report.reclaimed()).isEqualTo(reclaimedBefore.get());
            assertThat(report.exact())
                    .as("exact, with the events %s", log.events())
                    .isTrue();
            assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
            assertThat(log.lastCheckpoint().replicationIdentity().runId())
                    .isEqualTo(engine.inspect(DeploymentUri.parse(server.uri()))
                            .profile()
                            .runId());
            if (version != RedisVersion.REDIS_6_0) {
                assertThat(log.holds()).anyMatch(reason -> reason.contains("loading its data set"));
            }
        }
    }

    /**
     * The count is an estimate. The server loads expired keys from its append-only file, and nothing shows whether the
     * file has all deletions.
     */
    @ParameterizedTest
    @MethodSource("io.keysweep.testkit.RedisVersion#supported")
    void sweep_serverRestartsWithAppendOnlyFile_isNotExact(RedisVersion version) throws InterruptedException {
        String[] options = {"--appendonly", "yes"};
        try (RedisServer server = RedisServer.start(version, options)) {
            try (RespClient client = server.client()) {
                KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);
            }
            SweepReport report =
                    engine.sweep(request(server), new SweepControl(), onceReclaimed(() -> server.restart(options)));

            assertThat(reclaimedBefore).hasPositiveValue();
            assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
            assertThat(report.exact()).isFalse();
        }
    }

    @Test
    void sweep_becomesReplica_isRefused() {
        try (RedisServer primary = RedisServer.start(RedisVersion.REDIS_7_0);
                RedisServer server = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = server.client()) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);
            EventLog log = new EventLog(number -> {
                if (number == 3) {
                    client.call("REPLICAOF", "127.0.0.1", Integer.toString(primary.port()));
                }
            });

            assertThatExceptionOfType(NodeRefusedException.class)
                    .isThrownBy(() -> engine.sweep(request(server), new SweepControl(), log))
                    .matches(e -> e.reason() == Reason.REPLICA)
                    .withMessageContaining("127.0.0.1:" + primary.port());
        }
    }

    /**
     * The sweep starts over. Its connections survive the changes of the role, but the server has new keys that were not
     * visited.
     */
    @ParameterizedTest
    @MethodSource("io.keysweep.testkit.RedisVersion#supported")
    void sweep_becomesReplicaAndPrimaryAgain_keepsCountsAndStartsOver(RedisVersion version)
            throws InterruptedException {
        try (RedisServer otherPrimary = RedisServer.start(version, "--repl-diskless-sync-delay", "0");
                RedisServer server = RedisServer.start(version);
                RespClient otherClient = otherPrimary.client();
                RespClient client = server.client()) {
            KeySpace.withExpiryOff(otherClient).plant(/* db= */ 0, LIVE, DEAD);
            KeySpace keys = KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);
            EventLog log = new EventLog();
            // The server becomes a replica of the other server, and then a primary with the other server's data.
            SweepListener roleChangeListener = onceReclaimed(() -> {
                client.call("REPLICAOF", "127.0.0.1", Integer.toString(otherPrimary.port()));
                Replication.awaitSynchronised(otherClient, client);
                client.call("REPLICAOF", "NO", "ONE");
            });
            SweepReport report = engine.sweep(request(server), new SweepControl(), event -> {
                log.onEvent(event);
                roleChangeListener.onEvent(event);
            });

            assertThat(reclaimedBefore).hasPositiveValue();
            assertThat(keys.size(0)).isEqualTo(LIVE);
            assertThat(report.reclaimed()).isEqualTo(reclaimedBefore.get() + DEAD);
            // Nothing proves that the other primary did not have some of the keys that were reclaimed before.
            assertThat(report.exact()).isFalse();
            assertThat(log.holds()).anyMatch(reason -> reason.contains("was a replica for a while"));
        }
    }

    /** The sweep continues. A primary gets a new replication id with its first replica, but its keys stay the same. */
    @ParameterizedTest
    @MethodSource("io.keysweep.testkit.RedisVersion#supported")
    void sweep_firstReplicaConnects_continues(RedisVersion version) throws InterruptedException {
        try (RedisServer server = RedisServer.start(version, "--repl-diskless-sync-delay", "0");
                RedisServer replica = RedisServer.start(version);
                RespClient client = server.client();
                RespClient onReplica = replica.client()) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);
            EventLog log = new EventLog(number -> {
                if (number == 5) {
                    onReplica.call("REPLICAOF", "127.0.0.1", Integer.toString(server.port()));
                    Replication.awaitSynchronised(client, onReplica);
                }
            });
            SweepReport report = engine.sweep(request(server), new SweepControl(), log);

            assertThat(report.reclaimed()).isEqualTo(DEAD);
            assertThat(log.checkpoints()).isGreaterThan(5);
            assertThat(log.holds()).allMatch(reason -> reason.startsWith("a replica is being synchronised"));
        }
    }

    /**
     * Returns a listener that runs an action once, at the first checkpoint by which keys have been reclaimed.
     * Checkpoints are taken by time, so any number of them may come before.
     */
    private SweepListener onceReclaimed(Runnable action) {
        return event -> {
            if (event instanceof SweepEvent.Checkpointed(Checkpoint checkpoint, var databases)
                    && checkpoint.reclaimed() > 0
                    && reclaimedBefore.compareAndSet(0, checkpoint.reclaimed())) {
                action.run();
            }
        };
    }

    private static SweepRequest request(RedisServer server) {
        return SweepRequest.of(DeploymentUri.parse(server.uri()), PACE)
                .withCheckpointEvery(Duration.ofMillis(10))
                .withPatience(Duration.ofMinutes(3));
    }

    /**
     * Runs a sweep whose listener fails after it has stored some checkpoints, and then resumes the sweep. The listener
     * does not store the checkpoint at which it fails, so all steps since the one before are uncertain.
     *
     * @param crashAt the number of checkpoints that the listener stores
     */
    private static SweepReport sweepWithCrash(RedisServer server, int crashAt) throws InterruptedException {
        Checkpoint[] storedCheckpoint = new Checkpoint[1];
        EventLog[] log = new EventLog[1];
        log[0] = new EventLog(number -> {
            if (number > crashAt) {
                throw new IllegalStateException("crash");
            }
            storedCheckpoint[0] = log[0].lastCheckpoint();
        });
        SweepRequest request = request(server);

        assertThatThrownBy(() -> engine.sweep(request, new SweepControl(), log[0]))
                .hasMessage("crash");
        return engine.sweep(request.resumingFrom(storedCheckpoint[0]), new SweepControl(), new EventLog());
    }

    /** Ends the delays of {@link #slowLoading} while the server still loads. */
    private static void loadFast(RedisServer server) {
        try (RespClient client = server.client()) {
            client.call("CONFIG", "SET", "key-load-delay", "0");
        }
    }

    /**
     * Returns options that make loading 500 keys take a second, during which the server answers LOADING. Redis 6.0 has
     * no setting for that.
     */
    static String[] slowLoading(RedisVersion version) {
        return version == RedisVersion.REDIS_6_0
                ? new String[0]
                : new String[] {"--key-load-delay", "2000", "--loading-process-events-interval-bytes", "1024"};
    }
}
