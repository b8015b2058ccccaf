package io.keysweep.engine.lettuce;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepReport.Ending;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.Credentials;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeMap;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisSentinel;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests sweeps of a primary that sentinels replace in the middle. */
@Execution(ExecutionMode.CONCURRENT)
// The class takes long, so it starts first; see junit-platform.properties.
@Order(1)
final class SentinelSweepIT {

    private static final int LIVE = 5_000;
    private static final int DEAD = 15_000;

    @AutoClose
    private static final SweepEngine engine = LettuceEngine.sweepEngine();

    @ParameterizedTest
    @EnumSource(names = {"REDIS_6_0", "REDIS_7_0", "REDIS_8_0", "VALKEY_9"})
    void sweep_failoverInTheMiddle_continuesOnTheNewPrimary(RedisVersion version) throws InterruptedException {
        try (RedisSentinel sentinel =
                RedisSentinel.start(version, /* replicas= */ 1, version == RedisVersion.REDIS_6_0 ? null : "secret")) {
            for (RedisServer server : sentinel.servers()) {
                try (RespClient client = server.client()) {
                    KeySpace.withExpiryOff(client);
                }
            }
            RedisServer formerPrimary = sentinel.primary();
            try (RespClient client = formerPrimary.client()) {
                KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);
                await("the replica has all keys").until(() -> client.callLong("WAIT", "1", "100") == 1);
            }

            // The failover comes at the second checkpoint.
            EventLog log = new EventLog(number -> {
                if (number == 2) {
                    sentinel.failover();
                }
            });
            SweepReport report = engine.sweep(
                    SweepRequest.of(
                            deployment(sentinel, RedisSentinel.NAME), PacePolicy.GENTLE.withRateCeiling(15_000)),
                    new SweepControl(),
                    log);

            assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
            assertThat(report.nodeId())
                    .isEqualTo("127.0.0.1:" + sentinel.primary().port());
            assertThat(sentinel.primary().port()).isNotEqualTo(formerPrimary.port());

            try (RespClient client = sentinel.primary().client()) {
                assertThat(client.callLong("DBSIZE")).isEqualTo(LIVE);
            }
            assertThat(log.holds()).isNotEmpty();

            // The sentinels know no primary with another name.
            assertThatExceptionOfType(NodeRefusedException.class)
                    .isThrownBy(() -> engine.inspect(deployment(sentinel, "other")))
                    .matches(e -> e.reason() == Reason.OTHER_DEPLOYMENT)
                    .withMessageContaining("knows no 'other'");
        }
    }

    /** Returns the deployment with all sentinels and the primary of a name. */
    private static Deployment deployment(RedisSentinel sentinel, String name) {
        List<NodeAddress> sentinels = sentinel.sentinels().stream()
                .map(server -> new NodeAddress("127.0.0.1", server.port()))
                .toList();
        String password = sentinel.password();
        Access access = password == null
                ? Access.OPEN
                : new Access(new Credentials(/* username= */ null, password), /* tls= */ null);
        return new Deployment.Sentinel(sentinels, name, access, Access.OPEN, NodeMap.NONE);
    }
}
