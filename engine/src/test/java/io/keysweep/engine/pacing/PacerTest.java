package io.keysweep.engine.pacing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests how COUNT and delay follow the cost of simulated steps. */
final class PacerTest {

    /** The stall budget, µs: no step may take longer. */
    private static final double BUDGET_MICROS = PacePolicy.GENTLE.stallBudget().toNanos() / 1e3;

    /** A step of a simulated sweep, with busy time and delay in µs. */
    private record SimulatedStep(int count, double busy, double delay) {}

    @ParameterizedTest
    @ValueSource(doubles = {0.3, 0.7, 1.5, 3, 8, 40})
    void next_serverOfAnySpeed_convergesJustBelowBudget(double microsAKey) {
        List<SimulatedStep> sweep = run(PacePolicy.GENTLE, 400, step -> microsAKey);

        double expected = Math.clamp(0.83 * BUDGET_MICROS / microsAKey, Pacer.MIN_COUNT, Pacer.MAX_COUNT);
        for (SimulatedStep step : sweep.subList(60, 400)) {
            assertThat(step.busy()).isLessThanOrEqualTo(BUDGET_MICROS);
            assertThat((double) step.count()).isCloseTo(expected, Percentage.withPercentage(25));
        }
    }

    @Test
    void next_costDoubles_returnsBelowBudgetWithinThreeSteps() {
        List<SimulatedStep> sweep = run(PacePolicy.GENTLE, 400, step -> step < 200 ? 1.2 : 2.4);
        assertThat(sweep.subList(203, 400)).allMatch(step -> step.busy() <= BUDGET_MICROS);
    }

    @Test
    void next_costHalves_usesTheBudgetAgainWithinTwentySteps() {
        List<SimulatedStep> sweep = run(PacePolicy.GENTLE, 400, step -> step < 200 ? 2.4 : 1.2);
        assertThat(sweep.subList(220, 400)).allMatch(step -> step.busy() > 0.7 * BUDGET_MICROS);
    }

    @Test
    void next_singleOutlier_hardlyReducesCount() {
        List<SimulatedStep> sweep = run(PacePolicy.GENTLE, 300, step -> step == 200 ? 60 : 1.5);
        int usual = sweep.get(199).count();
        assertThat(sweep.get(201).count()).isGreaterThan(usual / 2);
        assertThat((double) sweep.get(215).count()).isCloseTo(usual, Percentage.withPercentage(20));
    }

    @Test
    void next_noisyMachine_staysWithinAFactorOfTwo() {
        Random random = new Random(7);
        List<SimulatedStep> sweep = run(PacePolicy.GENTLE, 2_000, step -> 1.5 * (0.8 + 0.4 * random.nextDouble()));
        assertThat(sweep.subList(100, 2_000)).allMatch(step -> step.count() > 140 && step.count() < 350);
    }

    @ParameterizedTest
    @CsvSource({"0.05", "0.25", "0.5", "0.9"})
    void next_anyShareCeiling_isNotExceededOverFiftySteps(double ceiling) {
        Random random = new Random(11);
        PacePolicy policy = new PacePolicy(Duration.ofMillis(1), ceiling, OptionalLong.empty());
        List<SimulatedStep> sweep = run(policy, 3_000, step -> 0.5 + 3 * random.nextDouble());

        for (int start = 0; start + 50 <= sweep.size(); start += 50) {
            List<SimulatedStep> period = sweep.subList(start, start + 50);
            double busy = period.stream().mapToDouble(SimulatedStep::busy).sum();
            double delay = period.stream().mapToDouble(SimulatedStep::delay).sum();
            // Delay that is saved up for the next period is less than the shortest delay of 300 µs.
            assertThat(busy / (busy + delay + 300)).isLessThanOrEqualTo(ceiling);
        }
    }

    @Test
    void next_fullShare_neverDelays() {
        assertThat(run(PacePolicy.FULL, 100, step -> 1.5)).allMatch(step -> step.delay() == 0);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 50, 1_000, 100_000})
    void next_rateCeiling_isNeverExceeded(long keysASecond) {
        List<SimulatedStep> sweep = run(PacePolicy.FULL.withRateCeiling(keysASecond), 300, step -> 0.5);

        double visited = sweep.stream().mapToDouble(SimulatedStep::count).sum();
        double seconds =
                sweep.stream().mapToDouble(step -> step.busy() + step.delay()).sum() / 1e6;
        double tolerance = Math.max(0.001, 0.0003 * keysASecond);
        assertThat(visited / seconds).isLessThanOrEqualTo(keysASecond * (1 + tolerance));
        assertThat(visited / seconds).isGreaterThan(keysASecond * 0.9);
    }

    @Test
    void next_shortStepAtEndOfSegment_doesNotRaiseCount() {
        Pacer pacer = new Pacer(PacePolicy.GENTLE);
        Pace pace = new Pace(400, 0, 0);
        PaceDecision decision = pacer.next(pace, new StepMeasurement(20, Duration.ofNanos(50_000), 20), 1);
        assertThat(decision.pace().count()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({
        "200, 25, true", // would take a tenth of the budget with the full COUNT
        "200, 200, false", // would take 0.8 of the budget
        "199, 25, false" // less than half of the full COUNT
    })
    void next_stepOfHalfTheCount_raisesCountIfTheFullCountWouldBeFast(int stepCount, long micros, boolean rises) {
        Pacer pacer = new Pacer(PacePolicy.GENTLE);
        Pace pace = new Pace(400, 0, 0);
        StepMeasurement step = new StepMeasurement(stepCount, Duration.ofNanos(micros * 1_000), stepCount);
        int count = pacer.next(pace, step, 1).pace().count();
        assertThat(count > 400).isEqualTo(rises);
    }

    @Test
    void start_valuesFreedOnMainThread_hasSmallerCount() {
        Pacer pacer = new Pacer(PacePolicy.GENTLE);
        assertThat(pacer.start(/* lazyFree= */ false).count())
                .isLessThan(pacer.start(/* lazyFree= */ true).count());
    }

    @Test
    void baseline_noiseAndLastingChange_followsOnlyLastingChange() {
        RoundTripBaseline baseline = new RoundTripBaseline();
        baseline.add(Duration.ofNanos(900));
        baseline.add(Duration.ofNanos(100));
        assertThat(baseline.busyTime(Duration.ofNanos(300))).isEqualTo(Duration.ofNanos(200));
        for (int i = 0; i < 32; i++) {
            baseline.add(Duration.ofNanos(250));
        }
        assertThat(baseline.busyTime(Duration.ofNanos(300))).isEqualTo(Duration.ofNanos(50));
        assertThat(baseline.busyTime(Duration.ofNanos(10))).isEqualTo(Duration.ZERO);
    }

    /** Simulates a server on which a call costs 20 µs, and each key as much as the step number determines. */
    private static List<SimulatedStep> run(PacePolicy policy, int steps, IntToDoubleFunction microsAKey) {
        Pacer pacer = new Pacer(policy);
        Pace pace = pacer.start(/* lazyFree= */ true);
        List<SimulatedStep> sweep = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            double busy = 20 + pace.count() * microsAKey.applyAsDouble(step);
            PaceDecision decision = pacer.next(
                    pace, new StepMeasurement(pace.count(), Duration.ofNanos((long) (busy * 1_000)), pace.count()), 1);
            sweep.add(new SimulatedStep(pace.count(), busy, decision.delay().toNanos() / 1e3));
            pace = decision.pace();
        }
        return sweep;
    }
}
