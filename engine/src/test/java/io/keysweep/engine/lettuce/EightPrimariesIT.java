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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Tests that one engine sweeps eight primaries at the same time and counts exactly. */
final class EightPrimariesIT {

    private static final int PRIMARIES = 8;
    private static final int LIVE = 20_000;

    /** The number of dead keys of the first primary. Each further primary has one more. */
    private static final int DEAD = 15_000;

    @Test
    void sweep_eightPrimariesConcurrently_countsEachExactly() throws Exception {
        List<RedisServer> servers = new ArrayList<>();
        List<RedisVersion> versions = RedisVersion.supported();
        try (SweepEngine engine = LettuceEngine.sweepEngine();
                ExecutorService threads = Executors.newFixedThreadPool(PRIMARIES)) {
            for (int i = 0; i < PRIMARIES; i++) {
                servers.add(RedisServer.start(versions.get(i % versions.size())));
                try (RespClient client = servers.getLast().client()) {
                    KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD + i);
                }
            }

            // All sweeps run at the same time, on one engine.
            List<Future<SweepReport>> reports = new ArrayList<>();
            for (RedisServer server : servers) {
                SweepRequest request = SweepRequest.of(DeploymentUri.parse(server.uri()), PacePolicy.BALANCED);
                reports.add(threads.submit(() -> engine.sweep(request, new SweepControl(), event -> {})));
            }

            for (int i = 0; i < PRIMARIES; i++) {
                SweepReport report = reports.get(i).get();
                assertThat(report.reclaimed()).isEqualTo(DEAD + i);
                assertThat(report.exact()).isTrue();
                try (RespClient client = servers.get(i).client()) {
                    assertThat(client.callLong("DBSIZE")).isEqualTo(LIVE);
                }
            }
        } finally {
            servers.forEach(RedisServer::close);
        }
    }
}
