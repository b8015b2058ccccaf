package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.engine.pacing.Limits;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.testkit.FaultProxy;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests sweeps of a server behind a long round trip, with several steps on their way at a time. */
final class DistantSweepIT {

    private static final int LIVE = 40_000;
    private static final int DEAD = 20_000;

    /** The time on the network in one direction. A round trip takes twice as long, far longer than a step. */
    private static final Duration ONE_WAY = Duration.ofMillis(4);

    @AutoClose
    private static final SweepEngine engine = LettuceEngine.sweepEngine();

    /**
     * If such a server is near, a sweep at full share uses transactions. If it is distant, a step must check when it
     * may start, which a transaction cannot do.
     */
    @ParameterizedTest
    @EnumSource(names = {"REDIS_8_0", "VALKEY_9"})
    void sweep_fullShareOverADistance_usesScripts(RedisVersion version) throws InterruptedException {
        assertThat(sweepFarServer(version, PacePolicy.FULL).profile().method()).isEqualTo("script");
    }

    @ParameterizedTest
    @EnumSource(names = {"REDIS_6_0", "REDIS_7_0", "REDIS_8_0", "VALKEY_9"})
    void sweep_balancedOverADistance_countsEveryKeyOnce(RedisVersion version) throws InterruptedException {
        sweepFarServer(version, PacePolicy.BALANCED);
    }

    /** The connection breaks right after checkpoints that were taken with later steps in flight. */
    @ParameterizedTest
    @EnumSource(names = {"REDIS_7_0", "VALKEY_9"})
    void sweep_connectionsCutOverADistance_countsEveryKeyOnce(RedisVersion version) throws InterruptedException {
        sweepFarServer(version, proxy -> {
            int[] checkpoints = {0};
            List<String> holds = new ArrayList<>();
            SweepReport report = engine.sweep(frequentCheckpoints(proxy), new SweepControl(), event -> {
                if (event instanceof SweepEvent.Checkpointed && ++checkpoints[0] % 5 == 0 && checkpoints[0] < 30) {
                    proxy.cut();
                } else if (event instanceof SweepEvent.HoldBegan(String reason, var cause)) {
                    holds.add(reason);
                }
            });
            assertThat(holds).hasSizeGreaterThan(1).allMatch(reason -> reason.startsWith("reconnecting"));
            return report;
        });
    }

    /** The run ends without a last checkpoint, as if its process was killed, while the server still gets its steps. */
    @ParameterizedTest
    @EnumSource(names = {"REDIS_7_0", "VALKEY_9"})
    void sweep_runEndsSuddenlyOverADistance_nextRunCountsEveryKeyOnce(RedisVersion version)
            throws InterruptedException {
        sweepFarServer(version, proxy -> {
            List<Checkpoint> checkpoints = new ArrayList<>();
            assertThatThrownBy(() -> engine.sweep(frequentCheckpoints(proxy), new SweepControl(), event -> {
                        if (event instanceof SweepEvent.Checkpointed(Checkpoint checkpoint, var databases)) {
                            if (checkpoints.size() == 6) {
                                throw new IllegalStateException("killed");
                            }
                            checkpoints.add(checkpoint);
                        }
                    }))
                    .hasMessage("killed");
            return engine.sweep(
                    frequentCheckpoints(proxy).resumingFrom(checkpoints.getLast()), new SweepControl(), event -> {});
        });
    }

    private static SweepRequest frequentCheckpoints(FaultProxy proxy) {
        return SweepRequest.of(DeploymentUri.parse(proxy.uri()), PacePolicy.GENTLE.withLimits(Limits.NONE))
                .withCheckpointEvery(Duration.ofMillis(20));
    }

    /** Sweeps a server over a distance at a pace, and asserts that the counts are exact. */
    private static SweepReport sweepFarServer(RedisVersion version, PacePolicy pace) throws InterruptedException {
        return sweepFarServer(
                version,
                proxy -> engine.sweep(
                        SweepRequest.of(DeploymentUri.parse(proxy.uri()), pace.withLimits(Limits.NONE)),
                        new SweepControl(),
                        event -> {}));
    }

    /** Sweeps a server through a proxy, and returns the report of the last run. */
    @FunctionalInterface
    private interface SweepThrough {
        SweepReport sweep(FaultProxy proxy) throws InterruptedException;
    }

    /** Plants keys on a server, sweeps it over a distance, and asserts that the counts are exact. */
    private static SweepReport sweepFarServer(RedisVersion version, SweepThrough sweep) throws InterruptedException {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client();
                FaultProxy proxy = FaultProxy.inFrontOf(server.port())) {
            KeySpace keys = KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);
            proxy.toServer().delay(ONE_WAY);
            proxy.toClient().delay(ONE_WAY);
            SweepReport report = sweep.sweep(proxy);

            assertThat(report.reclaimed()).isEqualTo(DEAD);
            assertThat(report.exact()).isTrue();
            assertThat(keys.size(0)).isEqualTo(LIVE);
            return report;
        }
    }
}
