package io.keysweep.engine.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepReport.Ending;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Tests how a sweep reacts to pause, cancel, retune, deadlines and interrupts.
 *
 * <p>{@code request} sweeps {@code server}, a {@link SimulatedServer}, under {@code control}; {@code events} gets all
 * events, and {@code reasons()} returns the reasons of the holds.
 */
final class SweepControlTest extends SweepTestCase {

    /** The step during which a test changes something. Steps follow it, so the effect of the change can be seen. */
    private static final int CHANGED_STEP = 7;

    /** The step during which a test changes a sweep that has four steps in flight. */
    private static final int CHANGED_STEP_OF_SEVERAL = 31;

    @Test
    void sweep_deadlineDuringSweep_timesOutWithCheckpoint() throws InterruptedException {
        SweepReport report = sweep(request.withDeadline(server.clock.instant().plusMillis(200)));

        assertThat(report.ending()).isEqualTo(Ending.TIMED_OUT);
        assertThat(report.elapsed()).isLessThan(Duration.ofMillis(205));
        assertThat(report.reclaimed()).isBetween(1L, DEAD - 1L);
        assertThat(checkpoints().getLast().reclaimed()).isEqualTo(report.reclaimed());

        SweepReport resumedReport = sweep(request.resumingFrom(checkpoints().getLast()));
        assertThat(resumedReport.reclaimed()).isEqualTo(DEAD);
    }

    @Test
    void sweep_fullShareCancelled_leavesNoUncertainStep() throws InterruptedException {
        int largeDead = 30_000;
        SimulatedServer largeServer = new SimulatedServer(/* live= */ 60_000, largeDead);
        largeServer.beforeStep = step -> {
            if (step == CHANGED_STEP_OF_SEVERAL) {
                control.cancel();
            }
        };

        SweepReport report = run(largeServer, fullShareRequest(), events);

        assertThat(report.ending()).isEqualTo(Ending.CANCELLED);
        assertThat(report.exact()).isTrue();
        assertThat(report.reclaimed()).isEqualTo(largeDead - largeServer.dead.size());
        assertThat(checkpoints().getLast().stepsMayFollow()).isFalse();

        SweepRequest resumingRequest =
                fullShareRequest().resumingFrom(checkpoints().getLast());
        assertThat(run(largeServer, resumingRequest, new SweepControl(), events).reclaimed())
                .isEqualTo(largeDead);
    }

    @Test
    void control_paused_holdsAfterTheStepUntilResumed() throws InterruptedException {
        server.beforeStep = step -> {
            if (step == CHANGED_STEP) {
                control.pause(new SweepControl.SweepIntervention("ann", "nightly backup"));
            }
        };
        int[] stepsAtPause = new int[1];

        SweepReport report = run(server, request, event -> {
            events.add(event);
            if (event instanceof SweepEvent.HoldBegan) {
                stepsAtPause[0] = server.steps;
                server.beforeStep = step -> {};
                server.runAfter(Duration.ofMinutes(2), control::resume);
            }
        });

        assertThat(stepsAtPause[0]).isEqualTo(CHANGED_STEP);
        assertThat(reasons()).containsExactly("paused by ann: nightly backup");
        assertThat(events).contains(new SweepEvent.HoldEnded());
        assertThat(report.elapsed()).isGreaterThan(Duration.ofMinutes(2));
        assertThat(report.reclaimed()).isEqualTo(DEAD);
        assertThat(report.exact()).isTrue();
    }

    @Test
    void control_cancelledWhilePaused_ends() throws InterruptedException {
        control.pause(new SweepControl.SweepIntervention("ann", ""));

        SweepReport report = run(server, request, event -> {
            events.add(event);
            if (event instanceof SweepEvent.HoldBegan) {
                server.runAfter(Duration.ofSeconds(1), control::cancel);
            }
        });

        assertThat(report.ending()).isEqualTo(Ending.CANCELLED);
        assertThat(report.steps()).isZero();
        assertThat(reasons()).containsExactly("paused by ann");
    }

    @Test
    void control_deadlineWhilePaused_timesOut() throws InterruptedException {
        control.pause(new SweepControl.SweepIntervention("ann", ""));

        SweepReport report = sweep(request.withDeadline(server.clock.instant().plusSeconds(5)));

        assertThat(report.ending()).isEqualTo(Ending.TIMED_OUT);
    }

    @Test
    void control_retuned_continuesAtNewPaceAndReportsWho() throws InterruptedException {
        SweepControl.SweepIntervention ann = new SweepControl.SweepIntervention("ann", "nobody is here");
        PacePolicy slowPace = PacePolicy.GENTLE.withRateCeiling(1_000);
        server.beforeStep = step -> {
            if (step == CHANGED_STEP) {
                control.retune(slowPace, ann);
            }
        };

        SweepReport report = sweep(request.withDeadline(server.clock.instant().plusSeconds(10)));

        assertThat(events).containsOnlyOnce(new SweepEvent.Retuned(slowPace, ann));
        assertThat(report.ending()).isEqualTo(Ending.TIMED_OUT);

        // The sweep visits 1,000 keys per second for most of the 10 seconds.
        assertThat(report.visited()).isBetween(9_000L, 12_000L);
    }

    @Test
    void sweep_cancelled_endsAfterTheStep() throws InterruptedException {
        server.beforeStep = step -> {
            if (step == CHANGED_STEP) {
                control.cancel();
            }
        };
        SweepReport report = sweep(request);

        assertThat(report.ending()).isEqualTo(Ending.CANCELLED);
        assertThat(report.steps()).isEqualTo(CHANGED_STEP);
        assertThat(checkpoints().getLast().reclaimed()).isEqualTo(report.reclaimed());
    }

    @Test
    void sweep_threadInterrupted_reportsCheckpointAndThrows() throws InterruptedException {
        server.beforeStep = step -> {
            if (step == CHANGED_STEP) {
                Thread.currentThread().interrupt();
            }
        };
        assertThatThrownBy(() -> sweep(request)).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();

        server.beforeStep = step -> {};

        assertThat(checkpoints().getLast().reclaimed()).isEqualTo(DEAD - server.dead.size());
        assertThat(sweep(request.resumingFrom(checkpoints().getLast())).reclaimed())
                .isEqualTo(DEAD);
    }
}
