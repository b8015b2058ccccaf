package io.keysweep.engine.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.discovery.Primary;
import io.keysweep.engine.discovery.Topology;
import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.reclaim.ServerProfile;
import io.keysweep.engine.sweep.MemoryReport;
import io.keysweep.engine.sweep.PrimaryReading;
import io.keysweep.engine.sweep.PrimarySummary;
import io.keysweep.engine.sweep.StepTimes;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.sweep.SweepListener;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepReport.Ending;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.sweep.Timing;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeMap;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.engine.topology.Shard;
import io.keysweep.engine.topology.SlotSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests what the sweep of a deployment reports about its shards, also if they cannot be swept or found again. */
final class DeploymentSweepTest {

    private static final NodeAddress NODE = new NodeAddress("a", 1);

    /** The number of keys that the sweep of the only round reclaims. */
    private static final int RECLAIMED = 7;

    @Test
    void run_primariesNotFoundAgain_keepsTheCounts() throws InterruptedException {
        Deployment deployment = new Deployment.Standalone(NODE, Access.OPEN);

        DeploymentReport report = new DeploymentSweep(new EngineThatLosesThePrimary(), Timing.system())
                .run(
                        DeploymentRequest.of(SweepRequest.of(deployment, PacePolicy.FULL)),
                        new SweepControl(),
                        new SilentListener());

        assertThat(report.reclaimed()).isEqualTo(RECLAIMED);
        assertThat(report.success()).isFalse();
        assertThat(report.failures()).hasSize(1);
    }

    /** A display must not show work on a shard that has ended, even if no event of its sweep has said so. */
    @Test
    void run_primaryRefused_reportsBeginAndEndOfTheWork() throws InterruptedException {
        EngineThatLosesThePrimary engine = new EngineThatLosesThePrimary();
        engine.refusal = new NodeRefusedException("a:1", Reason.UNREACHABLE, "a:1 accepts no connection");
        List<String> calls = new ArrayList<>();

        new DeploymentSweep(engine, Timing.system())
                .run(
                        DeploymentRequest.of(
                                SweepRequest.of(new Deployment.Standalone(NODE, Access.OPEN), PacePolicy.FULL)),
                        new SweepControl(),
                        new DeploymentListener() {
                            @Override
                            public void onRound(SweepRound round) {
                                calls.add("round " + round.number());
                            }

                            @Override
                            public void onShardBegun(Shard shard) {
                                calls.add(shard.primary() + " begun");
                            }

                            @Override
                            public void onEvent(Shard shard, SweepEvent event) {
                                calls.add(event.toString());
                            }

                            @Override
                            public void onShardEnded(Shard shard) {
                                calls.add(shard.primary() + " ended");
                            }
                        });

        assertThat(calls).containsExactly("round 1", "a:1 begun", "a:1 ended");
    }

    @Test
    void run_cancelledDuringTheFirstShard_beginsNoOther() throws InterruptedException {
        SweepControl control = new SweepControl();
        EngineOfTwoPrimaries engine = new EngineOfTwoPrimaries(Ending.CANCELLED, control::cancel);

        DeploymentReport report = sweepCluster(engine, control);

        assertThat(engine.swept).containsExactly("a:1");
        assertThat(report.ending()).isEqualTo(Ending.CANCELLED);
        assertThat(report.uncovered()).isEqualTo(SlotSet.ALL);
    }

    /** The first shard is done although the cancel came during its sweep, as its last step was in flight. */
    @Test
    void run_cancelledAtTheEndOfTheFirstShard_isCancelled() throws InterruptedException {
        SweepControl control = new SweepControl();
        EngineOfTwoPrimaries engine = new EngineOfTwoPrimaries(Ending.COMPLETED, control::cancel);

        DeploymentReport report = sweepCluster(engine, control);

        assertThat(engine.swept).containsExactly("a:1");
        assertThat(report.ending()).isEqualTo(Ending.CANCELLED);
        assertThat(report.uncovered()).isEqualTo(SlotSet.parse("8192-16383"));
    }

    @Test
    void run_firstShardTimesOut_beginsNoOther() throws InterruptedException {
        EngineOfTwoPrimaries engine = new EngineOfTwoPrimaries(Ending.TIMED_OUT, () -> {});

        DeploymentReport report = sweepCluster(engine, new SweepControl());

        assertThat(engine.swept).containsExactly("a:1");
        assertThat(report.ending()).isEqualTo(Ending.TIMED_OUT);
    }

    private static DeploymentReport sweepCluster(SweepEngine engine, SweepControl control) throws InterruptedException {
        Deployment cluster = new Deployment.Cluster(List.of(NODE), Access.OPEN, NodeMap.NONE);
        return new DeploymentSweep(engine, Timing.system())
                .run(DeploymentRequest.of(SweepRequest.of(cluster, PacePolicy.FULL)), control, new SilentListener());
    }

    /** Ignores all events. */
    private static final class SilentListener implements DeploymentListener {

        @Override
        public void onRound(SweepRound round) {}

        @Override
        public void onEvent(Shard shard, SweepEvent event) {}
    }

    /** Reclaims some keys in the first round, and finds no primaries afterwards. */
    private static final class EngineThatLosesThePrimary implements SweepEngine {

        private int discoveries;

        /** Why the sweep of the primary is refused; null if it is not. */
        private @Nullable NodeRefusedException refusal;

        @Override
        public Topology discover(Deployment deployment) {
            if (discoveries++ > 0) {
                throw new NodeRefusedException("a:1", Reason.UNREACHABLE, "a:1 accepts no connection");
            }
            return new Topology(List.of(new Primary(NODE, SlotSet.ALL, List.of())), NODE);
        }

        @Override
        public PrimarySummary inspect(Deployment deployment, @Nullable Shard shard) {
            throw new UnsupportedOperationException("a sweep inspects by itself");
        }

        @Override
        public PrimaryReading read(Deployment deployment, NodeAddress primary) {
            throw new UnsupportedOperationException("a sweep reads by itself");
        }

        @Override
        public SweepReport sweep(SweepRequest request, SweepControl control, SweepListener listener) {
            if (refusal != null) {
                throw refusal;
            }
            return report(Ending.COMPLETED, SlotSet.ALL);
        }

        @Override
        public void close() {}
    }

    /** Finds a cluster of two primaries on one host, and runs an action during each sweep. */
    private static final class EngineOfTwoPrimaries implements SweepEngine {

        private final Ending ending;
        private final Runnable duringSweep;

        /** Primaries whose sweeps have begun. */
        private final List<String> swept = new CopyOnWriteArrayList<>();

        EngineOfTwoPrimaries(Ending ending, Runnable duringSweep) {
            this.ending = ending;
            this.duringSweep = duringSweep;
        }

        @Override
        public Topology discover(Deployment deployment) {
            SlotSet firstHalf = SlotSet.parse("0-8191");
            return new Topology(
                    List.of(
                            new Primary(NODE, firstHalf, List.of()),
                            new Primary(new NodeAddress("a", 2), SlotSet.ALL.minus(firstHalf), List.of())),
                    NODE);
        }

        @Override
        public PrimarySummary inspect(Deployment deployment, @Nullable Shard shard) {
            throw new UnsupportedOperationException("a sweep inspects by itself");
        }

        @Override
        public PrimaryReading read(Deployment deployment, NodeAddress primary) {
            throw new UnsupportedOperationException("a sweep reads by itself");
        }

        @Override
        public SweepReport sweep(SweepRequest request, SweepControl control, SweepListener listener) {
            Shard shard = Objects.requireNonNull(request.shard());
            swept.add(shard.primary().toString());
            duringSweep.run();
            return report(ending, ending == Ending.COMPLETED ? shard.slots() : SlotSet.NONE);
        }

        @Override
        public void close() {}
    }

    /** Returns the report of a sweep that has reclaimed some keys. */
    private static SweepReport report(Ending ending, SlotSet covered) {
        return new SweepReport(
                "a:1",
                new ServerProfile(
                        ServerProfile.Flavour.REDIS,
                        "7.0.15",
                        "0f",
                        /* clusterEnabled= */ false,
                        /* lazyFree= */ true,
                        "script",
                        "allowed"),
                ending,
                /* visited= */ 20,
                RECLAIMED,
                /* exact= */ true,
                /* steps= */ 1,
                /* elapsed= */ Duration.ZERO,
                /* longestStall= */ Duration.ZERO,
                MemoryReport.of(ServerInfo.parse(""), /* after= */ null, RECLAIMED, /* purge= */ null),
                covered,
                Collections.emptySortedMap(),
                List.of(),
                Collections.emptySortedMap(),
                StepTimes.NONE);
    }
}
