package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.pacing.Limits;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.sweep.PrimarySweeper;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepReport.Ending;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.sweep.Timing;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.testkit.FaultProxy;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.NetworkFaults;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that a sweep over a faulty network counts exactly and reports its counts as exact. */
final class FaultyNetworkIT {

    private static final int LIVE = 5_000;
    private static final int DEAD = 10_000;

    /** The engine for lost commands and replies. It waits only a second for each reply. */
    @AutoClose
    private static final SweepEngine engineWithShortTimeout = engine(Duration.ofSeconds(1));

    /** The engine for all other faults. It waits so long for replies that a stall of the machine causes no fault. */
    @AutoClose
    private static final SweepEngine engineWithLongTimeout = engine(Duration.ofMinutes(3));

    static List<RedisVersion> versions() {
        return RedisVersion.allInFullRun(RedisVersion.REDIS_7_0, RedisVersion.VALKEY_9);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void sweep_connectionsCut_countsEveryKeyOnce(RedisVersion version) throws InterruptedException {
        EventLog log = sweepThroughProxy(engineWithLongTimeout, version, atCheckpoints((proxy, checkpoint) -> {
            if (checkpoint == 3 || checkpoint == 6) {
                proxy.cut();
            }
        }));
        assertThat(log.holds()).isNotEmpty().allMatch(reason -> reason.startsWith("reconnecting"));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void sweep_delayBothWays_countsEveryKeyOnce(RedisVersion version) throws InterruptedException {
        EventLog log = sweepThroughProxy(engineWithLongTimeout, version, atCheckpoints((proxy, checkpoint) -> {
            Duration delay = Duration.ofMillis(checkpoint < 10 ? 5 : 0);
            proxy.toServer().delay(delay);
            proxy.toClient().delay(delay);
        }));

        assertThat(log.holds()).isEmpty();
        assertThat(elapsed(log))
                .as("the time of the sweep, which includes the delays")
                .isGreaterThan(Duration.ofMillis(200));
    }

    /**
     * The server runs the steps, but their replies are lost. So the steps are uncertain until the server's counter
     * shows what they have done.
     */
    @ParameterizedTest
    @MethodSource("versions")
    void sweep_repliesLost_countsEveryKeyOnce(RedisVersion version) throws InterruptedException {
        EventLog log = sweepThroughProxy(engineWithShortTimeout, version, losingBytes(FaultProxy::toClient));
        assertThat(log.holds()).anyMatch(reason -> reason.startsWith("reconnecting: no answer"));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void sweep_commandsLost_countsEveryKeyOnce(RedisVersion version) throws InterruptedException {
        EventLog log = sweepThroughProxy(engineWithShortTimeout, version, losingBytes(FaultProxy::toServer));
        assertThat(log.holds()).anyMatch(reason -> reason.startsWith("reconnecting: no answer"));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void sweep_slowReading_countsEveryKeyOnce(RedisVersion version) throws InterruptedException {
        EventLog log = sweepThroughProxy(
                engineWithLongTimeout,
                version,
                atCheckpoints(
                        (proxy, checkpoint) -> proxy.toClient().bytesPerSecond(checkpoint < 6 ? 20_000 : 1_000_000)));
        // Five INFO replies take at least this long over the slow link.
        assertThat(elapsed(log))
                .as("the time of the sweep, which reads INFO over the slow link")
                .isGreaterThan(Duration.ofMillis(300));
    }

    /** Returns the time of a sweep that has finished; zero if it has not. */
    private static Duration elapsed(EventLog log) {
        return log.events().getLast() instanceof SweepEvent.Finished finished
                ? finished.report().elapsed()
                : Duration.ZERO;
    }

    private static SweepEngine engine(Duration timeout) {
        return new PrimarySweeper(new LettuceConnector(timeout, timeout), Timing.system(), new Random(1));
    }

    /** Returns a reaction to events that passes checkpoints on, each with its number, counted from 1. */
    private static BiConsumer<FaultProxy, SweepEvent> atCheckpoints(BiConsumer<FaultProxy, Integer> reaction) {
        int[] checkpoints = {0};
        return (proxy, event) -> {
            if (event instanceof SweepEvent.Checkpointed) {
                reaction.accept(proxy, ++checkpoints[0]);
            }
        };
    }

    /** Returns a reaction that loses all bytes of a direction, from the first reclaimed key until the sweep holds. */
    private static BiConsumer<FaultProxy, SweepEvent> losingBytes(Function<FaultProxy, NetworkFaults> direction) {
        boolean[] bytesWereLost = {false};
        return (proxy, event) -> {
            if (event instanceof SweepEvent.Checkpointed(Checkpoint checkpoint, var databases)
                    && checkpoint.reclaimed() > 0
                    && !bytesWereLost[0]) {
                bytesWereLost[0] = true;
                direction.apply(proxy).swallow(true);
            } else if (event instanceof SweepEvent.HoldBegan) {
                // The hold is reported before the sweep reconnects.
                direction.apply(proxy).swallow(false);
            }
        };
    }

    /** Sweeps a server through a proxy that a reaction to events makes faulty, and asserts that the count is exact. */
    private static EventLog sweepThroughProxy(
            SweepEngine engine, RedisVersion version, BiConsumer<FaultProxy, SweepEvent> reaction)
            throws InterruptedException {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client();
                FaultProxy proxy = FaultProxy.inFrontOf(server.port())) {
            KeySpace keys = KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);
            EventLog log = new EventLog();
            SweepRequest request = SweepRequest.of(
                            DeploymentUri.parse(proxy.uri()), PacePolicy.GENTLE.withLimits(Limits.NONE))
                    .withCheckpointEvery(Duration.ofMillis(10))
                    .withPatience(Duration.ofMinutes(3));
            SweepReport report = engine.sweep(request, new SweepControl(), event -> {
                log.onEvent(event);
                reaction.accept(proxy, event);
            });

            assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
            assertThat(report.reclaimed()).isEqualTo(DEAD);
            assertThat(report.exact()).isTrue();
            assertThat(keys.size(0)).isEqualTo(LIVE);
            return log;
        }
    }
}
