package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.pacing.Limit;
import io.keysweep.engine.pacing.Limits;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.pacing.Signal;
import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.sweep.SweepProgress;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepReport.Ending;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests sweeps that slow down or hold, because the server is busy with other clients or evicts keys. {@link
 * GiveWayTestCase} has the pace and the numbers of keys, and records slowdowns and holds.
 */
@Execution(ExecutionMode.CONCURRENT)
final class GiveWayIT extends GiveWayTestCase {

    @ParameterizedTest
    @MethodSource("io.keysweep.engine.lettuce.GiveWayTestCase#versions")
    void sweep_serverBusyWithOthers_givesWayAndRecovers(RedisVersion version) throws InterruptedException {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);
            AtomicBoolean busy = new AtomicBoolean(true);
            List<SweepProgress> progressAfterLoad = new ArrayList<>();
            // The soft limit is far above the latency of a busy test machine. Otherwise the sweep would stay slow after
            // the load.
            Limit latency = new Limit(/* soft= */ 80, Limit.OFF, Limit.OFF);
            PacePolicy policy = SLOW.withLimits(Limits.NONE.with(Signal.LATENCY, latency));
            try (Load load = new Load(server, busy, other -> other.call("DEBUG", "SLEEP", "0.25"))) {
                SweepReport report = sweep(server, policy, event -> {
                    if (event instanceof SweepEvent.Progressed progressed) {
                        // The load begins only now, so the sweep has measured the server without load.
                        load.start();
                        // The load ends once the sweep has slowed down to an eighth of its usual share of 0.25.
                        if (progressed.progress().share() < 0.25 / 8) {
                            busy.set(false);
                        }
                        if (!busy.get()) {
                            progressAfterLoad.add(progressed.progress());
                        }
                    }
                });

                assertThat(slowedProgress())
                        .extracting(SweepProgress::slowedBy)
                        .anyMatch(reason -> Objects.requireNonNull(reason).startsWith("callers wait"));
                assertThat(load.calls()).isPositive();
                // Afterwards, the sweep gets back at least half of its usual share.
                assertThat(progressAfterLoad).anyMatch(progress -> progress.share() >= 0.25 / 2);
                assertCompleteAndExact(report, keys);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.keysweep.engine.lettuce.GiveWayTestCase#versions")
    void sweep_serverEvicts_holdsUntilEvictionEnds(RedisVersion version) throws InterruptedException {
        try (RedisServer server = RedisServer.start(version, "--maxmemory-policy", "allkeys-random");
                RespClient client = server.client()) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);
            int[] bursts = {0};
            PacePolicy policy = SLOW.withLimits(Limits.NONE.withHard(Signal.EVICTIONS, 100));

            SweepReport report = sweep(server, policy, event -> {
                if (event instanceof SweepEvent.Checkpointed(Checkpoint checkpoint, var databases)
                        && checkpoint.reclaimed() > 0
                        && holds().isEmpty()) {
                    evictSome(client, bursts[0]++);
                }
            });

            assertThat(holds()).isNotEmpty().allMatch(reason -> reason.startsWith("the server evicts"));
            assertThat(bursts[0]).isPositive();
            assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
            // Some of the expired keys were evicted before.
            assertThat(report.reclaimed()).isBetween(1L, (long) DEAD);
            assertThat(report.exact()).isTrue();
        }
    }

    /**
     * Makes the server evict many keys: limits its memory to what it uses now, and writes more keys.
     *
     * @param burst the number of calls before this one, which is part of the names of the new keys
     */
    private static void evictSome(RespClient client, int burst) {
        client.call("CONFIG", "SET", "maxmemory", Objects.requireNonNull(client.info("used_memory")));
        List<String[]> commands = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            commands.add(new String[] {"SET", "new:" + burst + ":" + i, "v".repeat(200)});
        }
        client.pipeline(commands);
    }

    /** Runs a client that repeats a call while a flag is set. */
    private static final class Load implements AutoCloseable {

        private final AtomicBoolean active;
        private final Runnable work;

        /** The number of calls so far. */
        private final AtomicInteger calls = new AtomicInteger();

        private @Nullable CompletableFuture<Void> completion;

        Load(RedisServer server, AtomicBoolean active, Consumer<RespClient> call) {
            this.active = active;
            work = () -> {
                try (RespClient client = server.client()) {
                    while (active.get()) {
                        call.accept(client);
                        calls.incrementAndGet();
                    }
                }
            };
        }

        /** Begins to call; later calls of this method do nothing. */
        void start() {
            if (completion == null) {
                completion = CompletableFuture.runAsync(work, Thread::startVirtualThread);
            }
        }

        /** Returns the number of calls so far. */
        int calls() {
            return calls.get();
        }

        @Override
        public void close() {
            active.set(false);
            CompletableFuture<Void> started = completion;
            if (started != null) {
                started.join();
            }
        }
    }
}
