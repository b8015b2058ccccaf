package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.keysweep.engine.pacing.Limits;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepReport.Ending;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests servers that hide expired keys by a setting which the user may not read. */
final class HiddenKeysIT {

    private static final int LIVE = 20_000;

    /** Fewer than a tenth of all keys, so that deletions by others could explain them. */
    private static final int DEAD = 1_000;

    @AutoClose
    private static final SweepEngine engine = LettuceEngine.sweepEngine();

    static Stream<RedisVersion> versions() {
        return RedisVersion.all().stream().filter(version -> version.valkey() || version == RedisVersion.REDIS_8_6);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void sweep_unreadableSettingHidesExpiredKeys_failsAsNotReclaiming(RedisVersion version)
            throws InterruptedException {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client).plant(0, LIVE, DEAD);
            SweepRequest request = requestWithoutConfig(server, client);
            String setting = version.valkey() ? "import-mode" : "lazyexpire-nested-arbitrary-keys";
            client.call("CONFIG", "SET", setting, version.valkey() ? "yes" : "no");

            assertThatExceptionOfType(NodeRefusedException.class)
                    .isThrownBy(() -> engine.sweep(request, new SweepControl(), event -> {}))
                    .matches(e -> e.reason() == Reason.NOT_RECLAIMING)
                    .withMessageContaining("hide expired keys")
                    .withMessageContaining("refuses CONFIG GET");
            assertThat(keys.size(0)).isEqualTo(LIVE + DEAD);

            client.call("CONFIG", "SET", setting, version.valkey() ? "no" : "yes");
            SweepReport report = engine.sweep(request, new SweepControl(), event -> {});
            assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
            assertThat(report.reclaimed()).isEqualTo(DEAD);
            assertThat(keys.size(0)).isEqualTo(LIVE);
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void sweep_settingsUnreadableAndNoKeyExpired_completes(RedisVersion version) throws InterruptedException {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            KeySpace.withExpiryOff(client).plant(0, LIVE, 0);
            client.call("SET", "volatile", "value", "EX", "3600");
            SweepReport report = engine.sweep(requestWithoutConfig(server, client), new SweepControl(), event -> {});
            assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
            assertThat(report.reclaimed()).isZero();
            assertThat(report.visited()).isGreaterThan(LIVE);
        }
    }

    /** Creates a user who may not run CONFIG, and returns a request to sweep as this user. */
    private static SweepRequest requestWithoutConfig(RedisServer server, RespClient client) {
        client.call("ACL", "SETUSER", "sweeper", "on", ">secret-word", "~*", "+@all", "-config");
        return SweepRequest.of(
                DeploymentUri.parse(server.uri(), "sweeper", "secret-word"),
                PacePolicy.BALANCED.withLimits(Limits.NONE));
    }
}
