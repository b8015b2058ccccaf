package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.pacing.Limits;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.testkit.FaultProxy;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.time.Duration;
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

    /** Plants keys on a server, sweeps it over a distance, and asserts that the counts are exact. */
    private static SweepReport sweepFarServer(RedisVersion version, PacePolicy pace) throws InterruptedException {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client();
                FaultProxy proxy = FaultProxy.inFrontOf(server.port())) {
            KeySpace keys = KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);
            proxy.toServer().delay(ONE_WAY);
            proxy.toClient().delay(ONE_WAY);
            SweepRequest request = SweepRequest.of(DeploymentUri.parse(proxy.uri()), pace.withLimits(Limits.NONE));
            SweepReport report = engine.sweep(request, new SweepControl(), event -> {});

            assertThat(report.reclaimed()).isEqualTo(DEAD);
            assertThat(report.exact()).isTrue();
            assertThat(keys.size(0)).isEqualTo(LIVE);
            return report;
        }
    }
}
