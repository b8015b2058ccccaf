package io.keysweep.engine.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.keysweep.engine.pacing.Limit;
import io.keysweep.engine.pacing.Limits;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.pacing.Signal;
import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.sweep.SweepReport.Ending;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests how a sweep slows down, holds and ends under load, in simulated time.
 *
 * <p>A hold is a time in which the sweep sends no steps.
 */
final class GiveWayTest {

    private static final int LIVE = 20_000;
    private static final int DEAD = 10_000;

    /** The pace at which a sweep of {@link #server} takes 30 s. */
    private static final PacePolicy SLOW = PacePolicy.GENTLE.withRateCeiling(1_000);

    private final SimulatedServer server = new SimulatedServer(LIVE, DEAD);
    private final SweepControl control = new SweepControl();

    /** The events of the sweep, in their order. */
    private final List<SweepEvent> events = new ArrayList<>();

    @Test
    void sweep_highLatency_slowsDownWithReasonAndRecovers() throws InterruptedException {
        server.runAfter(Duration.ofSeconds(1), () -> {
            server.latency = Duration.ofMillis(20);
            server.runAfter(Duration.ofSeconds(10), () -> server.latency = Duration.ZERO);
        });

        SweepReport report = sweep(SLOW);

        assertThat(report.reclaimed()).isEqualTo(DEAD);
        assertThat(report.exact()).isTrue();

        List<SweepProgress> slowedProgress = progressWhileSlowed();
        assertThat(slowedProgress)
                .extracting(SweepProgress::slowedBy)
                .contains("callers wait 20.0 ms for the server, more than 5.0 ms");
        assertThat(slowedProgress.stream().mapToDouble(SweepProgress::share).min())
                .as("the lowest share, which is the share of the pace gentle times the lowest throttle factor")
                .hasValue(0.25 / 32);
        assertThat(slowedProgress.getFirst().elapsed()).isLessThan(Duration.ofSeconds(2));
        assertThat(slowedProgress.getLast().elapsed()).isLessThan(Duration.ofSeconds(20));
        assertThat(progress().getLast().share()).isEqualTo(0.25);

        // While the latency was high, the sweep visited about a thirtieth of its usual 1,000 keys per second.
        long visitedInFiveSeconds = visitedAt(Duration.ofSeconds(9)) - visitedAt(Duration.ofSeconds(4));
        assertThat(visitedInFiveSeconds).isBetween(100L, 300L);
        assertThat(holdReasons()).isEmpty();
    }

    @Test
    void sweep_highLatency_reportsHowLongCallersWait() throws InterruptedException {
        server.runAfter(Duration.ofSeconds(2), () -> {
            server.latency = Duration.ofMillis(20);
            server.runAfter(Duration.ofSeconds(10), () -> server.latency = Duration.ZERO);
        });

        sweep(SLOW);

        // Before the first control period nothing is known yet.
        assertThat(progress().getFirst().callersWait()).isNull();
        assertThat(callersWaits(Duration.ofSeconds(1), Duration.ofSeconds(2))).containsOnly(Duration.ZERO);
        assertThat(callersWaits(Duration.ofSeconds(4), Duration.ofSeconds(10))).containsOnly(Duration.ofMillis(20));
        assertThat(progress().getLast().callersWait()).isZero();
    }

    @Test
    void sweep_occasionalLateAnswer_hasNoEffect() throws InterruptedException {
        server.beforeStep = step -> server.latency = step % 300 == 0 ? Duration.ofMillis(50) : Duration.ZERO;

        sweep(SLOW);

        assertThat(progressWhileSlowed()).isEmpty();
    }

    @Test
    void sweep_fullShareThrottled_sendsOneStepAtATime() throws InterruptedException {
        SimulatedServer large = new SimulatedServer(3 * LIVE, 3 * DEAD);
        large.costPerKey = Duration.ofNanos(20_000);
        Limit callersWait = new Limit(/* soft= */ 10, /* hard= */ 1_000, Limit.OFF);
        PacePolicy policy = PacePolicy.FULL.withLimits(Limits.NONE.with(Signal.LATENCY, callersWait));

        // After the first report of progress, callers wait longer than the soft limit allows. The first report of a
        // slowed sweep stores how many steps were in flight until then, and starts the count again.
        int[] maxBeforeThrottling = new int[1];
        SweepReport report = run(large, request(policy), event -> {
            events.add(event);
            if (event instanceof SweepEvent.Progressed progressed) {
                if (progressed.progress().slowedBy() != null && maxBeforeThrottling[0] == 0) {
                    maxBeforeThrottling[0] = large.maxInFlight;
                    large.maxInFlight = 0;
                }
                large.latency = Duration.ofMillis(25);
            }
        });

        assertThat(report.reclaimed()).isEqualTo(3 * DEAD);
        assertThat(maxBeforeThrottling[0])
                .as("steps at a time before the throttling")
                .isEqualTo(4);
        assertThat(large.maxInFlight).as("steps at a time after it").isEqualTo(1);
    }

    @Test
    void sweep_silentReplica_holdsUntilItIsBackAndCountsExactly() throws InterruptedException {
        replicaIsSilentFor(Duration.ofMinutes(5));

        SweepReport report = sweep(SLOW);

        assertThat(holdReasons()).containsExactly("a replica has confirmed nothing for 11 s, more than 10 s");
        assertThat(events).contains(new SweepEvent.HoldEnded());
        assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(report.reclaimed()).isEqualTo(DEAD);
        assertThat(report.exact()).isTrue();

        // A sweep holds under load for longer than it waits for a lost server, since a sweep that holds harms nobody.
        assertThat(report.elapsed()).isGreaterThan(Duration.ofMinutes(5));
    }

    @Test
    void sweep_cancelledDuringHold_ends() throws InterruptedException {
        replicaIsSilentFor(Duration.ofDays(1));

        SweepReport report = run(server, request(SLOW), event -> {
            events.add(event);
            if (event instanceof SweepEvent.HoldBegan) {
                server.runAfter(Duration.ofSeconds(1), control::cancel);
            }
        });

        assertThat(report.ending()).isEqualTo(Ending.CANCELLED);
        assertThat(report.exact()).isTrue();
        assertThat(events).contains(new SweepEvent.HoldEnded());
    }

    @Test
    void sweep_deadlineDuringHold_timesOut() throws InterruptedException {
        replicaIsSilentFor(Duration.ofDays(1));
        SweepRequest request = request(SLOW).withDeadline(server.clock.instant().plusSeconds(120));

        SweepReport report = run(server, request, events::add);

        assertThat(report.ending()).isEqualTo(Ending.TIMED_OUT);
        assertThat(report.elapsed()).isBetween(Duration.ofSeconds(120), Duration.ofSeconds(121));
    }

    @Test
    void sweep_limitsChangedDuringHold_appliesTheNewLimits() throws InterruptedException {
        replicaIsSilentFor(Duration.ofDays(1));
        SweepControl.SweepIntervention ann = new SweepControl.SweepIntervention("ann", "that replica is lost");

        SweepReport report = run(server, request(SLOW), event -> {
            events.add(event);
            if (event instanceof SweepEvent.HoldBegan) {
                Limits withoutSilence = Limits.GENTLE.with(Signal.REPLICA_SILENCE, Limit.NONE);
                control.retune(SLOW.withLimits(withoutSilence), ann);
            }
        });

        assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(report.reclaimed()).isEqualTo(DEAD);
        assertThat(holdReasons()).hasSize(1);
    }

    @Test
    void sweep_pausedDuringHold_isPaused() throws InterruptedException {
        replicaIsSilentFor(Duration.ofSeconds(60));

        SweepReport report = run(server, request(SLOW), event -> {
            events.add(event);
            if (event instanceof SweepEvent.HoldBegan hold && hold.reason().startsWith("a replica")) {
                control.pause(new SweepControl.SweepIntervention("ann", ""));
                server.runAfter(Duration.ofMinutes(3), control::resume);
            }
        });

        assertThat(holdReasons()).contains("paused by ann");
        assertThat(report.elapsed()).isGreaterThan(Duration.ofMinutes(3));
        assertThat(report.reclaimed()).isEqualTo(DEAD);
    }

    @Test
    void sweep_overloadThatLasts_endsAndReportsItsCounts() throws InterruptedException {
        server.runAfter(Duration.ofSeconds(1), () -> server.latency = Duration.ofSeconds(3));

        assertThatExceptionOfType(NodeRefusedException.class)
                .isThrownBy(() -> sweep(SLOW))
                .matches(e -> e.reason() == Reason.OVERLOADED)
                .withMessage(
                        "simulated:1 is overloaded, so the sweep ends: callers wait 3000.0 ms for the server, more than"
                                + " 2000.0 ms, in 3 of the last 5 checks; sweep again when the load is lower");

        Checkpoint lastCheckpoint = events.stream()
                .filter(SweepEvent.Checkpointed.class::isInstance)
                .map(event -> ((SweepEvent.Checkpointed) event).checkpoint())
                .reduce((first, second) -> second)
                .orElseThrow();
        assertThat(lastCheckpoint.reclaimed())
                .isEqualTo(DEAD - server.dead.size())
                .isPositive();
        assertThat(lastCheckpoint.stepsMayFollow()).isFalse();

        // When the load is lower, a run that resumes from the last checkpoint completes the sweep.
        server.latency = Duration.ZERO;
        SweepReport resumedReport = run(server, request(SLOW).resumingFrom(lastCheckpoint), events::add);

        assertThat(resumedReport.reclaimed()).isEqualTo(DEAD);
        assertThat(resumedReport.exact()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "EVICTIONS, the server evicts",
        "CPU, others keep the server busy for",
        "OPERATIONS, the server runs",
        "OUTPUT_BUFFER, one client has"
    })
    void sweep_signalAboveItsHardLimit_holdsWithItsReason(Signal signal, String reason) throws InterruptedException {
        // While the server is busy, each signal is above the hard limit that is set below.
        boolean[] busy = {true};
        server.load = () -> {
            double seconds = busy[0] ? server.clock.nanoTime() / 1e9 : 0;
            return String.format(
                    "evicted_keys:%d\r\nused_cpu_user_main_thread:%f\r\nused_cpu_sys_main_thread:0.0\r\n"
                            + "instantaneous_ops_per_sec:%d\r\nclient_recent_max_output_buffer:%d",
                    (long) (500 * seconds), 0.9 * seconds, busy[0] ? 900 : 3, busy[0] ? 5 << 20 : 0);
        };

        double hardLimit = switch (signal) {
            case CPU -> 0.5;
            case OUTPUT_BUFFER -> 1 << 20;
            default -> 200;
        };
        SweepReport report = run(server, request(SLOW.withLimits(Limits.NONE.withHard(signal, hardLimit))), event -> {
            events.add(event);
            if (event instanceof SweepEvent.HoldBegan) {
                server.runAfter(Duration.ofSeconds(1), () -> busy[0] = false);
            }
        });

        assertThat(holdReasons()).hasSize(1).first().asString().startsWith(reason);
        assertThat(report.reclaimed()).isEqualTo(DEAD);
    }

    @Test
    void sweep_loadAfterTheLastStep_doesNotHold() throws InterruptedException {
        SimulatedServer small = new SimulatedServer(/* live= */ 100, /* expired= */ 50);
        small.load = () -> "client_recent_max_output_buffer:999999999";

        SweepReport report = run(small, request(SLOW), events::add);

        assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(holdReasons()).isEmpty();
    }

    /** Simulates a replica that confirms nothing for a while, starting in one second. */
    private void replicaIsSilentFor(Duration duration) {
        server.load = () -> {
            long second = server.clock.nanoTime() / 1_000_000_000;
            boolean silent = second >= 1 && second < 1 + duration.toSeconds();
            return "master_repl_offset:" + (1_000 + server.expiredKeys) + "\r\nslave0:ip=127.0.0.1,port=1,state=online,"
                    + "offset=" + (1_000 + server.expiredKeys) + ",lag=" + (silent ? second - 1 : 0);
        };
    }

    /** Sweeps {@link #server} at a pace, and records the events. */
    private SweepReport sweep(PacePolicy policy) throws InterruptedException {
        return run(server, request(policy), events::add);
    }

    /** Sweeps any simulated server to its end. */
    private SweepReport run(SimulatedServer target, SweepRequest request, SweepListener listener)
            throws InterruptedException {
        Timing timing = new Timing(target.clock, target.clock::nanoTime, target::sleep);
        return new Sweep(target, timing, new Random(1), request, control, listener).run();
    }

    /** Returns a request to sweep a simulated server at a pace. */
    private static SweepRequest request(PacePolicy policy) {
        return SweepRequest.of(new Deployment.Standalone(new NodeAddress("simulated", 1), Access.OPEN), policy);
    }

    /** Returns all reports of progress. */
    private List<SweepProgress> progress() {
        return events.stream()
                .filter(SweepEvent.Progressed.class::isInstance)
                .map(event -> ((SweepEvent.Progressed) event).progress())
                .toList();
    }

    /** Returns the reports of progress while the sweep was slowed down. */
    private List<SweepProgress> progressWhileSlowed() {
        return progress().stream()
                .filter(progress -> progress.slowedBy() != null)
                .toList();
    }

    /** Returns how long callers waited for the server, by each report of progress in a part of the run. */
    private List<@Nullable Duration> callersWaits(Duration from, Duration to) {
        List<@Nullable Duration> waits = new ArrayList<>();
        for (SweepProgress progress : progress()) {
            if (progress.elapsed().compareTo(from) >= 0 && progress.elapsed().compareTo(to) < 0) {
                waits.add(progress.callersWait());
            }
        }
        return waits;
    }

    /** Returns the number of keys that the sweep had visited after a time. */
    private long visitedAt(Duration elapsed) {
        return progress().stream()
                .filter(progress -> progress.elapsed().compareTo(elapsed) <= 0)
                .mapToLong(SweepProgress::visited)
                .max()
                .orElse(0);
    }

    /** Returns the reasons for which the sweep held, in their order. */
    private List<String> holdReasons() {
        return events.stream()
                .filter(SweepEvent.HoldBegan.class::isInstance)
                .map(event -> ((SweepEvent.HoldBegan) event).reason())
                .toList();
    }
}
