package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.keysweep.testkit.FaultProxy;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that a sweep over a faulty network counts exactly and reports its counts as exact. */
final class FaultyNetworkIT {

    private static final int LIVE = 5_000;
    private static final int DEAD = 10_000;

    @AutoClose
    private static final SweepEngine engine = new PrimarySweeper(
            new LettuceConnector(Duration.ofSeconds(1), Duration.ofSeconds(1)), Timing.system(), new Random(1));

    static List<RedisVersion> versions() {
        return RedisVersion.allInFullRun(RedisVersion.REDIS_7_0, RedisVersion.VALKEY_9);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void sweep_connectionsCut_countsEveryKeyOnce(RedisVersion version) throws InterruptedException {
        EventLog log = sweepThroughProxy(version, (proxy, checkpoint) -> {
            if (checkpoint == 3 || checkpoint == 6) {
                proxy.cut();
            }
        });
        assertThat(log.holds()).isNotEmpty().allMatch(reason -> reason.startsWith("reconnecting"));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void sweep_delayBothWays_countsEveryKeyOnce(RedisVersion version) throws InterruptedException {
        EventLog log = sweepThroughProxy(version, (proxy, checkpoint) -> {
            Duration delay = Duration.ofMillis(checkpoint < 10 ? 5 : 0);
            proxy.toServer().delay(delay);
            proxy.toClient().delay(delay);
        });
        assertThat(log.holds()).isEmpty();
        assertThat(elapsed(log)).as("elapsed time with the delay").isGreaterThan(Duration.ofMillis(200));
    }

    /**
     * Tests steps that the server runs and whose replies are lost: they are uncertain until the server's counter
     * settles them.
     */
    @ParameterizedTest
    @MethodSource("versions")
    void sweep_repliesLost_countsEveryKeyOnce(RedisVersion version) throws InterruptedException {
        EventLog log = sweepThroughProxy(version, (proxy, checkpoint) -> {
            // The checkpoint after the break is reported before the sweep reconnects.
            proxy.toClient().swallow(checkpoint == 3);
        });
        assertThat(log.holds()).anyMatch(reason -> reason.startsWith("reconnecting: no answer"));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void sweep_commandsLost_countsEveryKeyOnce(RedisVersion version) throws InterruptedException {
        EventLog log = sweepThroughProxy(
                version, (proxy, checkpoint) -> proxy.toServer().swallow(checkpoint == 3));
        assertThat(log.holds()).anyMatch(reason -> reason.startsWith("reconnecting: no answer"));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void sweep_slowReading_countsEveryKeyOnce(RedisVersion version) throws InterruptedException {
        EventLog log = sweepThroughProxy(
                version, (proxy, checkpoint) -> proxy.toClient().bytesPerSecond(checkpoint < 6 ? 20_000 : 1_000_000));
        // The time for five INFO replies.
        assertThat(elapsed(log)).as("elapsed time with the slow link").isGreaterThan(Duration.ofMillis(300));
    }

    private static Duration elapsed(EventLog log) {
        return log.events().getLast() instanceof SweepEvent.Finished finished
                ? finished.report().elapsed()
                : Duration.ZERO;
    }

    private static EventLog sweepThroughProxy(RedisVersion version, BiConsumer<FaultProxy, Integer> atCheckpoint)
            throws InterruptedException {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client();
                FaultProxy proxy = FaultProxy.before(server.port())) {
            KeySpace keys = KeySpace.frozen(client).plant(0, LIVE, DEAD);
            EventLog log = new EventLog(number -> atCheckpoint.accept(proxy, number));
            SweepRequest request = SweepRequest.of(DeploymentUri.parse(proxy.uri(), null, null), PacePolicy.GENTLE)
                    .withCheckpointEvery(Duration.ofMillis(10))
                    .withPatience(Duration.ofSeconds(20));
            SweepReport report = engine.sweep(request, new SweepControl(), log);

            assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
            assertThat(report.reclaimed()).isEqualTo(DEAD);
            assertThat(report.exact()).isTrue();
            assertThat(keys.size(0)).isEqualTo(LIVE);
            return log;
        }
    }
}
