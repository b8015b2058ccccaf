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

final class SweepTest extends SweepTestCase {

    private final AtomicInteger deadBefore = new AtomicInteger();
    private final AtomicBoolean takenOver = new AtomicBoolean();

    @Test
    void sweep_quietServer_reclaimsAllAndTellsItInOrder() throws InterruptedException {
        SweepReport report = sweep(request);

        assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(report.reclaimed()).isEqualTo(DEAD);
        assertThat(report.exact()).isTrue();
        assertThat(server.dead).isEmpty();
        assertThat(events.getFirst()).isInstanceOf(SweepEvent.Started.class);
        assertThat(events.getLast()).isEqualTo(new SweepEvent.Finished(report));
        Checkpoint last = checkpoints().getLast();
        assertThat(last.reclaimed()).isEqualTo(DEAD);
        assertThat(last.databases()).hasSize(1).allMatch(Checkpoint.DatabasePosition::complete);
    }

    @Test
    void sweep_gentle_takesAQuarterOfTheServerAtMost() throws InterruptedException {
        SweepReport report = sweep(request);
        Duration busy = Duration.ofNanos(2_000 * report.visited());
        assertThat(report.elapsed()).isGreaterThanOrEqualTo(busy.multipliedBy(4));
        // A call returns whole buckets, and the simulated table has some 30 keys in each.
        assertThat(report.longestStall())
                .isLessThanOrEqualTo(PacePolicy.GENTLE.stallBudget().plusNanos(100_000));
    }

    @Test
    void progress_overASweep_neverGoesBackAndComesAtMostTenTimesASecond() throws InterruptedException {
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
    void checkpoints_overASweep_areNeverFartherApartThanAsked() throws InterruptedException {
        List<Long> times = new ArrayList<>(List.of(0L));
        new Sweep(server, timing(), new Random(1), request, control, event -> {
                    if (event instanceof SweepEvent.Checkpointed) {
                        times.add(server.clock.nanoTime());
                    }
                })
                .run();
        for (int i = 1; i < times.size(); i++) {
            assertThat(times.get(i) - times.get(i - 1)).isLessThan(260_000_000);
        }
    }

    @Test
    void checkpoints_underALowRateCeiling_areNoFartherApart() throws InterruptedException {
        SweepReport report = sweep(SweepRequest.of(request.deployment(), PacePolicy.FULL.withRateCeiling(5))
                .withDeadline(server.clock.instant().plusSeconds(60))
                .withCheckpointEvery(Duration.ofSeconds(1)));
        assertThat(report.ending()).isEqualTo(Ending.TIMED_OUT);
        assertThat(report.visited()).isLessThanOrEqualTo(5 * 60 + 30);
        assertThat(checkpoints()).hasSizeGreaterThan(50);
    }

    /** As by SIGSTOP, while nobody has sent anything; meanwhile another worker has taken the sweep up. */
    @Test
    void sweep_frozenBeforeAStep_asksWhetherItIsStillItsOwnBeforeItSendsOne() {
        server.at(Duration.ofMillis(1), () -> server.clock.advance(Duration.ofSeconds(10)));
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> run(server, request, event -> {
                    events.add(event);
                    if (checkpoints().size() == 2) {
                        throw new IllegalStateException("superseded");
                    }
                }))
                .withMessage("superseded");
        assertThat(server.steps).isZero();
        assertThat(server.dead).hasSize(DEAD);
    }

    /** As by SIGSTOP, with a step already handed to the socket; meanwhile another worker has taken the sweep up. */
    @Test
    void sweep_frozenWithAStepOnItsWay_itDoesNothing() {
        int late = 20;
        server.beforeStep = step -> {
            if (step == late) {
                server.clock.advance(Duration.ofSeconds(10));
                deadBefore.set(server.dead.size());
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
        assertThat(server.steps).isEqualTo(late);
        assertThat(server.dead).hasSize(deadBefore.get()).hasSizeLessThan(DEAD);
    }

    /** A server that stood still for longer than a step may be on its way refuses it, and the sweep goes on. */
    @Test
    void sweep_serverStandsStillForLong_missesAndCountsNothingTwice() throws InterruptedException {
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
    void sweep_fullShare_reclaimsAllWithSeveralStepsOnTheirWay() throws InterruptedException {
        SimulatedServer large = new SimulatedServer(60_000, 30_000);
        SweepReport report = run(large, full(), events);
        assertThat(report.reclaimed()).isEqualTo(30_000);
        assertThat(report.exact()).isTrue();
        assertThat(large.mostOnTheirWay).isEqualTo(4);
        assertThat(checkpoints().getLast().databases()).hasSize(1).allMatch(Checkpoint.DatabasePosition::complete);
    }
}
