package io.keysweep.engine.lettuce;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.sweep.PrimarySweeper;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.sweep.SweepListener;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests that two runs of a sweep count each key together if the first run freezes at any point of a step.
 *
 * <p>The second run takes over while the first run is frozen, and completes the sweep on a real server. A step lease is
 * the time within which the server may start a step that a run has sent.
 */
// The class takes long, so it starts first; see junit-platform.properties.
@Order(1)
final class FrozenWorkerIT {

    private static final int LIVE = 400;
    private static final int DEAD = 200;

    /** The number of the step at which the first run freezes, counted from 1. */
    private static final int FROZEN_STEP = 3;

    private static final String PASSWORD = "secret";

    /** The time between checkpoints. It is short, so that the step lease, which it sets to 200 ms, ends soon. */
    private static final Duration CHECKPOINT_EVERY = Duration.ofMillis(25);

    /** The time for which the network holds a step back: longer than the lease, and into the run that takes over. */
    private static final Duration NETWORK_DELAY = Duration.ofMillis(650);

    /** Names the ACL user of both runs, whose rights decide the reclaim method and how late steps are stopped. */
    enum User {
        SCRIPT("+@all", /* exact= */ true),
        /** A script cannot check the time, because TIME is not allowed. */
        SCRIPT_WITHOUT_CLOCK("+@all -time", /* exact= */ true),
        TRANSACTION("+@all -eval", /* exact= */ true),
        /** The second run cannot close the connection of the first one, because CLIENT is not allowed. */
        TRANSACTION_WITHOUT_CLIENT("+@all -eval -client", /* exact= */ false),
        PIPELINE("+@all -eval -multi", /* exact= */ false);

        /** The ACL rules of the user. */
        private final String rules;

        /** True if the two runs must count exactly together. */
        private final boolean exact;

        User(String rules, boolean exact) {
            this.rules = rules;
            this.exact = exact;
        }
    }

    /** Lists the points of a step at which the first run freezes. */
    enum Point {
        BEFORE_SEND,
        /** The network holds the step back, while the run itself is not frozen. */
        HELD_BY_NETWORK,
        AFTER_REPLY,
        BEFORE_CHECKPOINT,
        AFTER_CHECKPOINT
    }

    /** Lists the moments of the second run at which the first run continues. */
    enum Thaw {
        AT_CONNECT,
        AT_FIRST_STEP,
        AT_END
    }

    private static RedisServer server;
    private static RespClient client;
    private static KeySpace keys;

    /** The last checkpoint that the first run has stored. */
    private final AtomicReference<Checkpoint> storedCheckpoint = new AtomicReference<>();

    /** True once the second run has taken over. */
    private final AtomicBoolean takenOver = new AtomicBoolean();

    /** True once the first run is frozen, or its step is held back. */
    private final AtomicBoolean firstRunStandsStill = new AtomicBoolean();

    /** Opens when the first run may continue. */
    private final CountDownLatch thawed = new CountDownLatch(1);

    @BeforeAll
    static void start() {
        server = RedisServer.start(RedisVersion.REDIS_7_0);
        client = server.client();
        keys = KeySpace.withExpiryOff(client);
        for (User user : User.values()) {
            List<String> words = new ArrayList<>(List.of("ACL", "SETUSER", user.name(), "on", ">" + PASSWORD, "~*"));
            words.addAll(List.of(user.rules.split(" ")));
            client.call(words.toArray(String[]::new));
        }
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    /** Returns each user with each point, and with each moment for one of the points. */
    static Stream<Arguments> cases() {
        List<Arguments> cases = new ArrayList<>();
        for (User user : User.values()) {
            for (Point point : Point.values()) {
                cases.add(Arguments.of(user, point, Thaw.AT_CONNECT));
            }
            cases.add(Arguments.of(user, Point.BEFORE_SEND, Thaw.AT_FIRST_STEP));
            cases.add(Arguments.of(user, Point.BEFORE_SEND, Thaw.AT_END));
        }
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void takeover_firstRunFrozen_countsEachKey(User user, Point point, Thaw thaw) throws Exception {
        client.call("FLUSHALL");
        keys.plant(/* db= */ 0, LIVE, DEAD);
        SweepReport report;
        try (ExecutorService threads = Executors.newSingleThreadExecutor();
                FaultProxy network = FaultProxy.inFrontOf(server.port())) {
            Future<?> firstRun = threads.submit(() -> runFirst(user, point, network));
            await("the first run stands still")
                    .failFast("the first run has ended", firstRun::isDone)
                    .until(firstRunStandsStill::get);
            takenOver.set(true);
            Checkpoint lastCheckpoint = storedCheckpoint.get();
            try {
                report = runSecond(user, thaw, lastCheckpoint);
            } finally {
                // The thread of a run that stays frozen would never end.
                thawed.countDown();
            }
            firstRun.get();
        }

        assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(report.reclaimed()).isEqualTo(DEAD);
        assertThat(keys.size(0)).isEqualTo(LIVE);

        if (user.exact) {
            assertThat(report.exact()).isTrue();
        }
    }

    /** Runs the first run until it ends with the exception of a superseded run or a closed connection. */
    private void runFirst(User user, Point point, FaultProxy network) {
        try (NodeConnector connector = new FreezingConnector(
                        LettuceEngine.connector(),
                        FROZEN_STEP,
                        () -> {
                            if (point == Point.BEFORE_SEND) {
                                freeze();
                            } else if (point == Point.HELD_BY_NETWORK) {
                                network.toServer().delay(NETWORK_DELAY);
                                firstRunStandsStill.set(true);
                            }
                        },
                        () -> {
                            if (point == Point.AFTER_REPLY) {
                                freeze();
                            }
                        });
                PrimarySweeper engine = new PrimarySweeper(connector, Timing.system(), new Random(1))) {
            engine.sweep(request(user, network.port()), new SweepControl(), listener(point));
            throw new AssertionError("the first run was not superseded");
        } catch (SupersededForTest e) {
            // The other run continues the sweep.
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns a listener that stores checkpoints until another run takes over, as the service does. */
    private SweepListener listener(Point point) {
        return event -> {
            if (!(event instanceof SweepEvent.Checkpointed(Checkpoint checkpoint, var databases))) {
                return;
            }
            boolean hasVisitedKeys = checkpoint.visited() > 0;
            if (hasVisitedKeys && point == Point.BEFORE_CHECKPOINT) {
                freeze();
            }
            if (takenOver.get()) {
                throw new SupersededForTest();
            }
            storedCheckpoint.set(checkpoint);
            if (hasVisitedKeys && point == Point.AFTER_CHECKPOINT) {
                freeze();
            }
        };
    }

    /** Runs the second run to its end, and lets the first run continue at a moment. */
    private SweepReport runSecond(User user, Thaw thaw, Checkpoint lastCheckpoint) throws Exception {
        try (NodeConnector connector = new FreezingConnector(
                        LettuceEngine.connector(),
                        /* atStep= */ 1,
                        () -> {
                            if (thaw == Thaw.AT_FIRST_STEP) {
                                thawed.countDown();
                            }
                        },
                        () -> {});
                PrimarySweeper engine = new PrimarySweeper(connector, Timing.system(), new Random(2))) {
            if (thaw == Thaw.AT_CONNECT) {
                thawed.countDown();
            }
            return engine.sweep(
                    request(user, server.port()).resumingFrom(lastCheckpoint), new SweepControl(), event -> {});
        }
    }

    /** Returns a request to sweep as a user through a port of this machine. */
    private static SweepRequest request(User user, int port) {
        return SweepRequest.of(
                        DeploymentUri.parse("redis://127.0.0.1:" + port, user.name(), PASSWORD),
                        PacePolicy.GENTLE.withRateCeiling(2_000))
                .withCheckpointEvery(CHECKPOINT_EVERY);
    }

    /** Makes the calling thread, the thread of the first run, wait until it may continue. */
    private void freeze() {
        firstRunStandsStill.set(true);
        try {
            thawed.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Represents the exception that the store of the service throws if another run has taken over. */
    private static final class SupersededForTest extends RuntimeException {
        private static final long serialVersionUID = 1;
    }
}
