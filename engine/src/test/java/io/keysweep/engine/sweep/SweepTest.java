package io.keysweep.engine.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.sweep.SweepReport.Ending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Tests sweeps of a simulated server that stays healthy: counts, pace, checkpoints and progress.
 *
 * <p>{@code request} sweeps {@code server} with the pace gentle and a checkpoint every 250 ms; {@code events} gets all
 * events.
 */
final class SweepTest extends SweepTestCase {

    /** The number of dead keys when another worker took over the sweep. */
    private final AtomicInteger deadAtTakeover = new AtomicInteger();

    /** True once another worker has taken over the sweep. */
    private final AtomicBoolean takenOver = new AtomicBoolean();

    @Test
    void sweep_quietServer_reclaimsAllAndReportsEventsInOrder() throws InterruptedException {
        SweepReport report = sweep(request);

        assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(report.reclaimed()).isEqualTo(DEAD);
        assertThat(report.exact()).isTrue();
        assertThat(server.dead).isEmpty();
        assertThat(events.getFirst()).isInstanceOf(SweepEvent.Started.class);
        assertThat(events.getLast()).isEqualTo(new SweepEvent.Finished(report));

        Checkpoint lastCheckpoint = checkpoints().getLast();
        assertThat(lastCheckpoint.reclaimed()).isEqualTo(DEAD);
        assertThat(lastCheckpoint.databases()).hasSize(1).allMatch(Checkpoint.DatabasePosition::complete);
    }

    @Test
    void sweep_gentle_takesAtMostAQuarterOfTheServer() throws InterruptedException {
        SweepReport report = sweep(request);
        Duration busyTime = server.costPerKey.multipliedBy(report.visited());

        assertThat(report.elapsed()).isGreaterThanOrEqualTo(busyTime.multipliedBy(4));

        // SCAN returns whole buckets. A bucket of the simulated table has about 30 keys, which take 2 µs each. So a
        // step can exceed the budget by somewhat less than 0.1 ms.
        assertThat(report.longestStall())
                .isLessThanOrEqualTo(PacePolicy.GENTLE.stallBudget().plusNanos(100_000));
    }

    @Test
    void progress_wholeSweep_neverFallsAndComesAtMostTenTimesASecond() throws InterruptedException {
        SweepReport report = sweep(request);
        List<SweepProgress> progress = events.stream()
                .filter(SweepEvent.Progressed.class::isInstance)
                .map(event -> ((SweepEvent.Progressed) event).progress())
                .toList();

        assertThat(progress)
                .extracting(SweepProgress::fraction)
                .isSorted()
                .last()
                .isEqualTo(1.0);
        assertThat(progress).hasSizeGreaterThan(2);
        assertThat(progress.size()).isLessThanOrEqualTo((int) (report.elapsed().toMillis() / 100) + 1);
    }

    @Test
    void checkpoints_wholeSweep_keepTheRequestedInterval() throws InterruptedException {
        List<Long> times = new ArrayList<>(List.of(0L));
        new Sweep(server, timing(), new Random(1), request, control, event -> {
                    if (event instanceof SweepEvent.Checkpointed) {
                        times.add(server.clock.nanoTime());
                    }
                })
                .run();
        for (int i = 1; i < times.size(); i++) {
            // The requested interval is 250 ms.
            assertThat(times.get(i) - times.get(i - 1)).isLessThan(260_000_000);
        }
    }

    @Test
    void checkpoints_lowRateCeiling_keepTheRequestedInterval() throws InterruptedException {
        SweepReport report = sweep(SweepRequest.of(request.deployment(), PacePolicy.FULL.withRateCeiling(5))
                .withDeadline(server.clock.instant().plusSeconds(60))
                .withCheckpointEvery(Duration.ofSeconds(1)));
        assertThat(report.ending()).isEqualTo(Ending.TIMED_OUT);

        // The ceiling is 5 keys per second for 60 seconds, and the last step visits a whole bucket of about 30 keys.
        assertThat(report.visited()).isLessThanOrEqualTo(5 * 60 + 30);
        assertThat(checkpoints()).hasSizeGreaterThan(50);
    }

    /**
     * After 1 ms of waiting, the clock jumps by 10 s, as if the process had been frozen. The listener throws at the
     * next checkpoint, as the store does if another worker has taken over the sweep. So no step may follow.
     */
    @Test
    void sweep_frozenBeforeStep_writesACheckpointBeforeItSendsTheStep() {
        // The first checkpoint is taken at the start of the run.
        int checkpointAfterTheFreeze = 2;
        server.runAfter(Duration.ofMillis(1), () -> server.clock.advance(Duration.ofSeconds(10)));

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> run(server, request, event -> {
                    events.add(event);
                    if (checkpoints().size() == checkpointAfterTheFreeze) {
                        throw new IllegalStateException("superseded");
                    }
                }))
                .withMessage("superseded");

        assertThat(server.steps).isZero();
        assertThat(server.dead).hasSize(DEAD);
    }

    /**
     * The clock jumps by 10 s while a step is on its way, as if the process had been frozen. The listener throws at the
     * next checkpoint, as the store does if another worker has taken over the sweep. So the step that arrives late must
     * remove no key.
     */
    @Test
    void sweep_frozenWithStepInFlight_stepDoesNothing() {
        int lateStep = 20;
        server.beforeStep = step -> {
            if (step == lateStep) {
                server.clock.advance(Duration.ofSeconds(10));
                deadAtTakeover.set(server.dead.size());
                takenOver.set(true);
            }
        };

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> run(server, request, event -> {
                    events.add(event);
                    if (event instanceof SweepEvent.Checkpointed && takenOver.get()) {
                        throw new IllegalStateException("superseded");
                    }
                }))
                .withMessage("superseded");
        assertThat(server.steps).isEqualTo(lateStep);
        assertThat(server.dead).hasSize(deadAtTakeover.get()).hasSizeLessThan(DEAD);
    }

    /** The server is frozen for longer than the 2 s in which a step may start. It refuses the late step. */
    @Test
    void sweep_serverFrozenForLong_countsEachDeadKeyOnce() throws InterruptedException {
        server.beforeStep = step -> {
            if (step == 1 || step == 20) {
                server.clock.advance(Duration.ofSeconds(10));
            }
        };

        SweepReport report = sweep(request);

        assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(report.reclaimed()).isEqualTo(DEAD);
        assertThat(report.exact()).isTrue();
        assertThat(server.dead).isEmpty();
    }

    @Test
    void sweep_fullShare_reclaimsAllWithSeveralStepsInFlight() throws InterruptedException {
        int largeDead = 30_000;
        SimulatedServer largeServer = new SimulatedServer(/* live= */ 60_000, largeDead);

        SweepReport report = run(largeServer, fullShareRequest(), events);

        assertThat(report.reclaimed()).isEqualTo(largeDead);
        assertThat(report.exact()).isTrue();
        assertThat(largeServer.maxInFlight).isEqualTo(4);
        assertThat(checkpoints().getLast().databases()).hasSize(1).allMatch(Checkpoint.DatabasePosition::complete);
    }
}
