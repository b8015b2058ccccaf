package io.keysweep.engine.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.keysweep.engine.pacing.Limit;
import io.keysweep.engine.pacing.Limits;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.pacing.Signal;
import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.sweep.SweepReport.Ending;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests when a sweep holds under load, and what ends the hold or the sweep, in simulated time.
 *
 * <p>A hold is a time in which the sweep sends no steps.
 */
final class LoadHoldTest extends SweepTestCase {

    /** The pace at which a sweep of {@link #server} takes 45 s. */
    private static final PacePolicy SLOW = PacePolicy.GENTLE.withRateCeiling(1_000);

    @Test
    void sweep_silentReplica_holdsUntilItIsBackAndCountsExactly() throws InterruptedException {
        replicaIsSilentFor(Duration.ofMinutes(5));

        SweepReport report = sweep(request(SLOW));

        assertThat(reasons()).containsExactly("a replica has confirmed nothing for 11 s, more than 10 s");
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

        SweepReport report = sweep(request);

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
        assertThat(reasons()).hasSize(1);
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

        assertThat(reasons()).contains("paused by ann");
        assertThat(report.elapsed()).isGreaterThan(Duration.ofMinutes(3));
        assertThat(report.reclaimed()).isEqualTo(DEAD);
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

        assertThat(reasons()).hasSize(1).first().asString().startsWith(reason);
        assertThat(report.reclaimed()).isEqualTo(DEAD);
    }

    @Test
    void sweep_loadAfterTheLastStep_doesNotHold() throws InterruptedException {
        SimulatedServer small = new SimulatedServer(/* live= */ 100, /* expired= */ 50);
        small.load = () -> "client_recent_max_output_buffer:999999999";

        SweepReport report = run(small, request(SLOW), events::add);

        assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(reasons()).isEmpty();
    }

    @Test
    void sweep_overloadThatLasts_endsAndReportsItsCounts() throws InterruptedException {
        server.runAfter(Duration.ofSeconds(1), () -> server.latency = Duration.ofSeconds(3));

        assertThatExceptionOfType(NodeRefusedException.class)
                .isThrownBy(() -> sweep(request(SLOW)))
                .matches(e -> e.reason() == Reason.OVERLOADED)
                .withMessage(
                        "simulated:1 is overloaded, so the sweep ends: callers wait 3000.0 ms for the server, more than"
                                + " 2000.0 ms, in 3 of the last 5 checks; sweep again when the load is lower");

        Checkpoint lastCheckpoint = checkpoints().getLast();
        assertThat(lastCheckpoint.reclaimed())
                .isEqualTo(DEAD - server.dead.size())
                .isPositive();
        assertThat(lastCheckpoint.stepsMayFollow()).isFalse();

        // When the load is lower, a run that resumes from the last checkpoint completes the sweep.
        server.latency = Duration.ZERO;
        SweepReport resumedReport = sweep(request(SLOW).resumingFrom(lastCheckpoint));

        assertThat(resumedReport.reclaimed()).isEqualTo(DEAD);
        assertThat(resumedReport.exact()).isTrue();
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
}
