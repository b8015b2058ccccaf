package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.keysweep.engine.pacing.Limits;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepReport.Ending;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests sweeps of keys with names so long that replies exceed the output buffer that the server allows a client. */
final class LongNamesIT {

    private static final int LIVE = 60;
    private static final int DEAD = 40;

    @AutoClose
    private static final RedisServer server =
            RedisServer.start(RedisVersion.VALKEY_9, "--client-output-buffer-limit", "normal 1mb 1mb 0");

    @AutoClose
    private static final SweepEngine engine = LettuceEngine.sweepEngine();

    private final EventLog log = new EventLog();

    @BeforeEach
    void emptyServer() {
        try (RespClient client = server.client()) {
            client.call("FLUSHALL");
            client.call("ACL", "SETUSER", "no-scripts", "on", ">secret", "~*", "+@all", "-eval");
        }
    }

    @Test
    void sweep_repliesTooLong_continuesWithScripts() throws InterruptedException {
        plant(/* nameLength= */ 100_000, LIVE, DEAD);

        SweepReport report = sweep(/* user= */ null, /* password= */ null);

        assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(report.reclaimed()).isEqualTo(DEAD);
        assertThat(report.profile().method()).isEqualTo("script");
        // The server has closed the connection once; the reconnect is the hold.
        assertThat(log.holds()).hasSize(1);
    }

    @Test
    void sweep_repliesTooLongAndScriptsRefused_continuesWithShorterSteps() throws InterruptedException {
        // All names together take 4 MB, four times too much. The shortest step visits one bucket and its chain, which
        // are about 20 keys, so its reply always fits.
        plant(/* nameLength= */ 40_000, LIVE, DEAD);

        SweepReport report = sweep("no-scripts", "secret");

        assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(report.reclaimed()).isEqualTo(DEAD);
        assertThat(report.profile().method()).isEqualTo("transaction");
    }

    @Test
    void sweep_oneNameTooLong_failsWithTheCounts() {
        plant(/* nameLength= */ 2_000_000, /* live= */ 1, /* dead= */ 0);
        plant(/* nameLength= */ 10, /* live= */ 200, DEAD);

        assertThatExceptionOfType(NodeRefusedException.class)
                .isThrownBy(() -> sweep("no-scripts", "secret"))
                .withMessageContaining("client-output-buffer-limit");
        assertThat(log.events().getLast()).isInstanceOf(SweepEvent.Failed.class);
    }

    /** Plants keys whose names have at least a number of characters. */
    private static void plant(int nameLength, int live, int dead) {
        try (RespClient client = server.client()) {
            KeySpace.withExpiryOff(client, name -> name + "x".repeat(nameLength))
                    .plant(/* db= */ 0, live, dead);
        }
    }

    /**
     * Sweeps the server at full share. A step is then first a transaction, whose reply contains the names of live keys.
     * If the reply is too long, the sweep continues with scripts, whose replies contain none.
     */
    private SweepReport sweep(@Nullable String user, @Nullable String password) throws InterruptedException {
        return engine.sweep(
                // The load of a busy test machine must cause no hold.
                SweepRequest.of(
                        DeploymentUri.parse(server.uri(), user, password), PacePolicy.FULL.withLimits(Limits.NONE)),
                new SweepControl(),
                log);
    }
}
