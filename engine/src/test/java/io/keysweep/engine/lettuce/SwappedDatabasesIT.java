package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.pacing.Limits;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepReport.Ending;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests that a sweep begins again if another client swaps two databases (SWAPDB), during the sweep or between two of
 * its runs. Otherwise a cursor would continue among other keys.
 */
@Execution(ExecutionMode.CONCURRENT)
final class SwappedDatabasesIT {

    private static final int LIVE = 10_000;
    private static final int DEAD = 8_000;

    /** The reason for which a sweep holds after a swap. */
    private static final String SWAP_HOLD =
            "reconnecting: its databases were swapped (SWAPDB), so the pass starts again";

    /** A pace at which a sweep of both databases takes about four seconds, also on a busy test machine. */
    private static final PacePolicy SLOW =
            PacePolicy.GENTLE.withRateCeiling(10_000).withLimits(Limits.NONE);

    @AutoClose
    private static final SweepEngine engine = LettuceEngine.sweepEngine();

    @ParameterizedTest
    @EnumSource(names = {"REDIS_7_0", "VALKEY_9"})
    void sweep_swapInTheMiddle_sweepsBothDatabasesFromTheStart(RedisVersion version) throws InterruptedException {
        assertNoKeyIsMissedInSwap(version, SLOW, /* atCheckpoint= */ 20, "SWAPDB", "0", "1");
    }

    /** A script swaps the databases, and the sweep is so fast that it ends before it polls the server. */
    @ParameterizedTest
    @EnumSource(names = {"REDIS_6_0", "REDIS_7_0", "REDIS_8_0", "VALKEY_9"})
    void sweep_swapInShortSweep_isNoticedBeforeTheEnd(RedisVersion version) throws InterruptedException {
        PacePolicy fast = SLOW.withRateCeiling(60_000);
        assertNoKeyIsMissedInSwap(version, fast, /* atCheckpoint= */ 5, "EVAL", "redis.call('SWAPDB', 0, 1)", "0");
    }

    @ParameterizedTest
    @EnumSource(names = {"REDIS_6_0", "REDIS_8_0"})
    void resume_swapSinceTheLastRun_sweepsBothDatabasesFromTheStart(RedisVersion version) throws InterruptedException {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client)
                    .plant(/* db= */ 0, LIVE, DEAD)
                    .plant(/* db= */ 1, LIVE, DEAD);
            SweepControl control = new SweepControl();
            EventLog log = new EventLog();
            SweepRequest request = request(server, SLOW);
            SweepReport firstReport = engine.sweep(request, control, event -> {
                log.onEvent(event);
                // Checkpoints are taken by time, so the first ones may come before the first removed key.
                if (event instanceof SweepEvent.Checkpointed(Checkpoint checkpoint, var databases)
                        && checkpoint.reclaimed() > 0) {
                    control.cancel();
                }
            });
            assertThat(firstReport.reclaimed()).isBetween(1L, (long) DEAD - 1);

            // Another client swaps the databases in a transaction, and the sweep resumes.
            client.pipeline(List.of(new String[] {"MULTI"}, new String[] {"SWAPDB", "0", "1"}, new String[] {"EXEC"}));
            SweepReport report =
                    engine.sweep(request.resumingFrom(log.lastCheckpoint()), new SweepControl(), new EventLog());
            assertThat(report.reclaimed()).isEqualTo(2 * DEAD);
            assertThat(report.exact()).isTrue();
            assertThat(keys.size(0)).isEqualTo(LIVE);
            assertThat(keys.size(1)).isEqualTo(LIVE);
        }
    }

    /** Runs a command that swaps the databases at a checkpoint of a sweep, and checks that the sweep misses no key. */
    private static void assertNoKeyIsMissedInSwap(
            RedisVersion version, PacePolicy pace, int atCheckpoint, String... swap) throws InterruptedException {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client)
                    .plant(/* db= */ 0, LIVE, DEAD)
                    .plant(/* db= */ 1, LIVE, DEAD);
            EventLog log = new EventLog(number -> {
                if (number == atCheckpoint) {
                    client.call(swap);
                }
            });
            SweepReport report = engine.sweep(request(server, pace), new SweepControl(), log);

            assertThat(log.holds()).containsExactly(SWAP_HOLD);
            assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
            assertThat(report.reclaimed()).isEqualTo(2 * DEAD);
            assertThat(report.exact()).isTrue();
            assertThat(keys.size(0)).isEqualTo(LIVE);
            assertThat(keys.size(1)).isEqualTo(LIVE);
        }
    }

    private static SweepRequest request(RedisServer server, PacePolicy pace) {
        return SweepRequest.of(DeploymentUri.parse(server.uri()), pace).withCheckpointEvery(Duration.ofMillis(10));
    }
}
