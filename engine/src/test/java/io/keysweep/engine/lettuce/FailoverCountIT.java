package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.pacing.Limit;
import io.keysweep.engine.pacing.Limits;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.pacing.Signal;
import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.sweep.SweepListener;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepReport.Ending;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.testkit.FaultProxy;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.Replication;
import io.keysweep.testkit.RespClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests that a count is exact after the crash of a primary only if its replica had received all deletions.
 *
 * <p>The address of the primary moves to the replica, as a virtual address does.
 */
@Execution(ExecutionMode.CONCURRENT)
final class FailoverCountIT {

    private static final int LIVE = 10_000;
    private static final int DEAD = 20_000;

    /** A pace so slow that a crash comes in the middle of a sweep, with one step at a time. */
    private static final PacePolicy SLOW =
            PacePolicy.GENTLE.withRateCeiling(15_000).withLimits(Limits.GENTLE.with(Signal.LATENCY, Limit.NONE));

    @AutoClose
    private static final SweepEngine engine = LettuceEngine.sweepEngine();

    /** The reasons for which the sweep has called its count an estimate. */
    private final List<String> estimateReasons = new ArrayList<>();

    /**
     * The primary makes its last deletions after the sweep has read the replication offset for the last time. The
     * replica has reached that offset, and still lacks these deletions.
     */
    @ParameterizedTest
    @EnumSource(names = {"REDIS_6_0", "REDIS_7_0", "VALKEY_9"})
    void sweep_crashLosesDeletionsAfterTheLastCheckpoint_isNotExact(RedisVersion version) throws InterruptedException {
        try (Pair pair = new Pair(version)) {
            SweepReport report = engine.sweep(pair.request(), new SweepControl(), new Crash(pair));

            assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
            assertThat(report.reclaimed())
                    .as("the count, as some keys were reclaimed twice")
                    .isGreaterThan(DEAD);
            assertThat(report.exact()).isFalse();
            assertThat(estimateReasons)
                    .singleElement()
                    .asString()
                    .contains("nothing proves that it still has all deletions");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"REDIS_7_0", "VALKEY_9"})
    void resume_replicaHadReceivedAll_isExact(RedisVersion version) throws InterruptedException {
        try (Pair pair = new Pair(version)) {
            Checkpoint lastCheckpoint = sweepUntilCancelled(pair);
            pair.awaitSynchronised();
            pair.promote();
            pair.crash();

            SweepReport report =
                    engine.sweep(pair.request().resumingFrom(lastCheckpoint), new SweepControl(), this::record);

            assertThat(report.reclaimed()).isEqualTo(DEAD);
            assertThat(report.exact()).isTrue();
            assertThat(estimateReasons).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"REDIS_7_0", "VALKEY_9"})
    void resume_replicaHadNotReceivedAll_isNotExact(RedisVersion version) throws InterruptedException {
        try (Pair pair = new Pair(version)) {
            pair.promote();
            Checkpoint lastCheckpoint = sweepUntilCancelled(pair);
            pair.crash();

            SweepReport report =
                    engine.sweep(pair.request().resumingFrom(lastCheckpoint), new SweepControl(), this::record);

            assertThat(report.reclaimed()).isEqualTo(DEAD + lastCheckpoint.reclaimed());
            assertThat(report.exact()).isFalse();
            assertThat(estimateReasons).hasSize(1);
        }
    }

    /** Sweeps until some keys are reclaimed, cancels the sweep, and returns its last checkpoint. */
    private static Checkpoint sweepUntilCancelled(Pair pair) throws InterruptedException {
        SweepControl control = new SweepControl();
        EventLog log = new EventLog();
        engine.sweep(pair.request(), control, event -> {
            log.onEvent(event);
            if (log.checkpoints() > 1 && log.lastCheckpoint().reclaimed() > 0) {
                control.cancel();
            }
        });
        Checkpoint lastCheckpoint = log.lastCheckpoint();

        assertThat(lastCheckpoint.reclaimed()).isBetween(1L, DEAD - 1L);
        assertThat(lastCheckpoint.stepsMayFollow()).isFalse();
        return lastCheckpoint;
    }

    /** Records the reason if the event says that the count is an estimate. */
    private void record(SweepEvent event) {
        if (event instanceof SweepEvent.Estimated(String reason)) {
            estimateReasons.add(reason);
        }
    }

    /**
     * Promotes the replica at a checkpoint, when it has received all deletions so far. Then kills the primary once the
     * sweep has reclaimed more keys.
     */
    private final class Crash implements SweepListener {

        private final Pair pair;
        private @Nullable Checkpoint checkpointAtPromotion;
        private boolean crashed;

        Crash(Pair pair) {
            this.pair = pair;
        }

        @Override
        public void onEvent(SweepEvent event) {
            record(event);
            Checkpoint promotionCheckpoint = checkpointAtPromotion;
            if (promotionCheckpoint == null
                    && event instanceof SweepEvent.Checkpointed(Checkpoint checkpoint, var databases)
                    && checkpoint.reclaimed() > 0) {
                checkpointAtPromotion = checkpoint;
                pair.awaitSynchronised();
                pair.promote();
            } else if (promotionCheckpoint != null
                    && !crashed
                    && event instanceof SweepEvent.Progressed(var progress)
                    && progress.reclaimed() > promotionCheckpoint.reclaimed()) {
                crashed = true;
                pair.crash();
            }
        }
    }

    /** Runs a primary with dead keys and its replica, behind one address that leads to the primary until its crash. */
    private static final class Pair implements AutoCloseable {

        private final RedisServer primary;
        private final RedisServer replica;
        private final RespClient onPrimary;
        private final RespClient onReplica;
        private final FaultProxy address;

        Pair(RedisVersion version) {
            primary = RedisServer.start(version, "--repl-diskless-sync-delay", "0");
            replica = RedisServer.start(version);
            onPrimary = primary.client();
            onReplica = replica.client();
            address = FaultProxy.inFrontOf(primary.port());
            KeySpace.withExpiryOff(onReplica);
            KeySpace.withExpiryOff(onPrimary).plant(/* db= */ 0, LIVE, DEAD);
            onReplica.call("REPLICAOF", "127.0.0.1", Integer.toString(primary.port()));
            awaitSynchronised();
        }

        /** Returns a request to sweep the server to which the address leads. */
        SweepRequest request() {
            return SweepRequest.of(DeploymentUri.parse(address.uri()), SLOW).withPatience(Duration.ofMinutes(3));
        }

        void awaitSynchronised() {
            Replication.awaitSynchronised(onPrimary, onReplica);
        }

        /** Makes the replica a primary of its own, which receives nothing more. */
        void promote() {
            onReplica.call("REPLICAOF", "NO", "ONE");
        }

        /** Kills the primary, and leads its address to the former replica. */
        void crash() {
            address.leadTo(replica.port());
            primary.kill();
            address.cut();
        }

        @Override
        public void close() {
            address.close();
            onPrimary.close();
            onReplica.close();
            primary.close();
            replica.close();
        }
    }
}
