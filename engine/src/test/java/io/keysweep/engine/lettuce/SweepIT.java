package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class SweepIT {

    @ParameterizedTest
    @MethodSource("io.keysweep.testkit.RedisVersion#supported")
    void sweep_manyExpiredKeys_reclaimsAndCountsAll(RedisVersion version) throws InterruptedException {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client();
                SweepEngine engine = LettuceSweepEngine.create()) {
            KeySpace keys = KeySpace.frozen(client).plant(0, 20_000, 10_000).plant(5, 100, 200);

            SweepReport report = engine.sweep(
                    SweepRequest.of(DeploymentUri.parse(server.uri(), null, null), PacePolicy.GENTLE),
                    new SweepControl(),
                    event -> {});

            System.out.println(report);
            assertThat(report.reclaimed()).isEqualTo(10_200);
            assertThat(report.exact()).isTrue();
            assertThat(keys.size(0)).isEqualTo(20_000);
            assertThat(keys.size(5)).isEqualTo(100);
        }
    }
}
