package io.keysweep.engine.lettuce;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.engine.pacing.Limits;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepControl.SweepIntervention;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests on each supported server that a sweep does not count keys which others expire between a crash and the next run.
 */
@Execution(ExecutionMode.CONCURRENT)
// The class takes long, so it starts first; see junit-platform.properties.
@Order(1)
class OtherExpiryIT {

    private static final int LIVE = 4_000;
    private static final int DEAD = 4_000;

    /** A number of dead keys of which a run leaves more than it has reclaimed, even if its crash comes late. */
    private static final int MANY_DEAD = 16_000;

    /** The rate ceiling of {@link #BY_RATE}, keys per second. */
    private static final int RATE = 8_000;

    /** The placeholder for the name of an expired key in a command. */
    private static final String KEY = "KEY";

    /** A pace that a rate ceiling limits. */
    private static final PacePolicy BY_RATE =
            PacePolicy.GENTLE.withRateCeiling(RATE).withLimits(Limits.NONE);

    /** A pace that a share ceiling limits, to at most 60 keys per millisecond. */
    private static final PacePolicy BY_SHARE =
            new PacePolicy(Duration.ofNanos(200_000), 0.01, OptionalLong.empty(), Limits.NONE);

    /** The pace of the next run. It may be fast, as the checkpoint says what the crashed run may have reclaimed. */
    private static final PacePolicy PACE_OF_RESUMED_RUN = PacePolicy.GENTLE.withLimits(Limits.NONE);

    @AutoClose
    private static final SweepEngine engine = LettuceEngine.sweepEngine();

    @ParameterizedTest
    @MethodSource("io.keysweep.testkit.RedisVersion#supported")
    void resume_serverExpiredTheRest_isAnEstimateWithoutTheRest(RedisVersion version) throws Exception {
        for (PacePolicy pace : List.of(BY_RATE, BY_SHARE)) {
            try (RedisServer server = RedisServer.start(version);
                    RespClient client = server.client()) {
                KeySpace keys = KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, MANY_DEAD);
                Checkpoint lastCheckpoint = crash(server, pace, new SweepControl(), OtherExpiryIT::hasReclaimedKeys);

                assertThat(lastCheckpoint.reclaimed()).isLessThan(MANY_DEAD / 2);

                keys.switchExpiryOn();
                await("the server expires the rest").until(() -> keys.size(0) == LIVE);
                SweepReport report = resume(server, lastCheckpoint);
                assertThat(report.exact()).isFalse();
                assertThat(report.reclaimed())
                        .isBetween(lastCheckpoint.reclaimed(), 2 * lastCheckpoint.reclaimed() + RATE / 4);
            }
        }
    }

    /** Returns each version with commands that make the server remove an expired key. */
    static Stream<Arguments> commands() {
        return RedisVersion.supported().stream()
                .flatMap(version -> Stream.of(
                        Arguments.of(version, List.of("GET", KEY)),
                        Arguments.of(version, List.of("SET", KEY, "again")),
                        // Each command removes an expired key, changes nothing, and is neither a read nor a write.
                        Arguments.of(version, List.of("DEL", KEY)),
                        Arguments.of(version, List.of("EXPIRE", KEY, "100"))));
    }

    /** The client touches far fewer keys than the sweep could have reclaimed, so only the client's traces show it. */
    @ParameterizedTest
    @MethodSource("commands")
    void resume_clientTouchedSomeDeadKeys_isAnEstimate(RedisVersion version, List<String> command) throws Exception {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);
            Checkpoint lastCheckpoint = crash(server, BY_RATE, new SweepControl(), OtherExpiryIT::hasReclaimedKeys);
            for (int key = LIVE; key < LIVE + DEAD; key += 20) {
                String name = "dead:" + key;
                client.call(command.stream()
                        .map(word -> word.equals(KEY) ? name : word)
                        .toArray(String[]::new));
            }
            SweepReport report = resume(server, lastCheckpoint);

            assertThat(report.exact()).isFalse();
            assertThat(report.reclaimed()).isLessThanOrEqualTo(DEAD);
        }
    }

    @ParameterizedTest
    @MethodSource("io.keysweep.testkit.RedisVersion#supported")
    void resume_crashedWhilePaused_staysExactWithoutTheKeysOfOthers(RedisVersion version) throws Exception {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);
            SweepControl control = new SweepControl();
            Checkpoint lastCheckpoint = crash(server, BY_RATE, control, event -> {
                if (hasReclaimedKeys(event)) {
                    control.pause(new SweepIntervention("ann", ""));
                }
                return event instanceof SweepEvent.HoldBegan;
            });

            assertThat(lastCheckpoint.stepsMayFollow()).isFalse();
            assertThat(keys.size(0)).isEqualTo(LIVE + DEAD - lastCheckpoint.reclaimed());

            keys.switchExpiryOn();
            await("the server expires the rest").until(() -> keys.size(0) == LIVE);
            SweepReport report = resume(server, lastCheckpoint);

            assertThat(report.exact()).isTrue();
            assertThat(report.reclaimed()).isEqualTo(lastCheckpoint.reclaimed());
        }
    }

    /** Sweeps until an event at which the run crashes, and returns the last checkpoint. */
    private static Checkpoint crash(
            RedisServer server, PacePolicy pace, SweepControl control, Predicate<SweepEvent> crashAt) {
        List<Checkpoint> checkpoints = new ArrayList<>();
        // The exception stands for kill -9; no event follows it.
        assertThatThrownBy(() -> engine.sweep(request(server, pace), control, event -> {
                    if (event instanceof SweepEvent.Checkpointed(Checkpoint checkpoint, var databases)) {
                        checkpoints.add(checkpoint);
                    }
                    if (crashAt.test(event)) {
                        throw new IllegalStateException("crash");
                    }
                }))
                .hasMessage("crash");
        return checkpoints.getLast();
    }

    /** Resumes the sweep after the crash, and runs it to its end. */
    private static SweepReport resume(RedisServer server, Checkpoint lastCheckpoint) throws InterruptedException {
        return engine.sweep(
                request(server, PACE_OF_RESUMED_RUN).resumingFrom(lastCheckpoint), new SweepControl(), event -> {});
    }

    private static SweepRequest request(RedisServer server, PacePolicy pace) {
        return SweepRequest.of(DeploymentUri.parse(server.uri()), pace);
    }

    /** Returns whether an event is a checkpoint after which steps may follow, once more than 200 keys are reclaimed. */
    private static boolean hasReclaimedKeys(SweepEvent event) {
        return event instanceof SweepEvent.Checkpointed(Checkpoint lastCheckpoint, var databases)
                && lastCheckpoint.stepsMayFollow()
                && lastCheckpoint.reclaimed() > 200;
    }
}
