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

/** Tests how the pacer adapts the COUNT of steps, and the delays between them, to the cost of simulated steps. */
final class PacerTest {

    /** The stall budget of the profile gentle, µs. No step should take longer. */
    private static final double BUDGET_MICROS = PacePolicy.GENTLE.stallBudget().toNanos() / 1e3;

    /**
     * Describes a step of a simulated sweep.
     *
     * @param count the COUNT of the step
     * @param busy how long the step keeps the server busy, µs
     * @param delay the delay after the step, µs
     */
    private record SimulatedStep(int count, double busy, double delay) {}

    @ParameterizedTest
    @ValueSource(doubles = {0.3, 0.7, 1.5, 3, 8, 40})
    void next_serverOfAnySpeed_convergesJustBelowBudget(double microsPerKey) {
        List<SimulatedStep> sweep = run(PacePolicy.GENTLE, 400, step -> microsPerKey);

        // The pacer aims at 85 % of the budget, which also includes the 20 µs of the call itself.
        double expected = Math.clamp(0.83 * BUDGET_MICROS / microsPerKey, Pacer.MIN_COUNT, Pacer.MAX_COUNT);
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
    void next_rateCeiling_isNeverExceeded(long keysPerSecond) {
        List<SimulatedStep> sweep = run(PacePolicy.FULL.withRateCeiling(keysPerSecond), 300, step -> 0.5);

        double visitedKeys = sweep.stream().mapToDouble(SimulatedStep::count).sum();
        double seconds =
                sweep.stream().mapToDouble(step -> step.busy() + step.delay()).sum() / 1e6;
        double tolerance = Math.max(0.001, 0.0003 * keysPerSecond);

        assertThat(visitedKeys / seconds).isLessThanOrEqualTo(keysPerSecond * (1 + tolerance));
        assertThat(visitedKeys / seconds).isGreaterThan(keysPerSecond * 0.9);
    }

    @Test
    void next_shortStepAtEndOfSegment_doesNotRaiseCount() {
        Pacer pacer = new Pacer(PacePolicy.GENTLE);
        Pace pace = new Pace(/* count= */ 400, /* overruns= */ 0, /* owedDelayNanos= */ 0);
        StepMeasurement step = new StepMeasurement(/* count= */ 20, Duration.ofNanos(50_000), /* visited= */ 20);
        PaceDecision decision = pacer.next(pace, step, /* factor= */ 1);

        assertThat(decision.pace().count()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({
        // With the full COUNT, the step would take a tenth of the budget.
        "200, 25, true",
        // With the full COUNT, the step would take 0.8 of the budget.
        "200, 200, false",
        // The step had less than half of the full COUNT.
        "199, 25, false"
    })
    void next_stepOfHalfTheCount_raisesCountIfTheFullCountWouldBeFast(int stepCount, long micros, boolean rises) {
        Pacer pacer = new Pacer(PacePolicy.GENTLE);
        Pace pace = new Pace(/* count= */ 400, /* overruns= */ 0, /* owedDelayNanos= */ 0);
        StepMeasurement step = new StepMeasurement(stepCount, Duration.ofNanos(micros * 1_000), stepCount);
        int count = pacer.next(pace, step, /* factor= */ 1).pace().count();

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

    /**
     * Simulates a sweep of a server on which a call costs 20 µs, and returns its steps.
     *
     * @param microsPerKey returns the cost of each key in µs, by the number of the step
     */
    private static List<SimulatedStep> run(PacePolicy policy, int steps, IntToDoubleFunction microsPerKey) {
        Pacer pacer = new Pacer(policy);
        Pace pace = pacer.start(/* lazyFree= */ true);
        List<SimulatedStep> sweep = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            double busy = 20 + pace.count() * microsPerKey.applyAsDouble(step);
            PaceDecision decision = pacer.next(
                    pace,
                    new StepMeasurement(pace.count(), Duration.ofNanos((long) (busy * 1_000)), pace.count()),
                    /* factor= */ 1);
            sweep.add(new SimulatedStep(pace.count(), busy, decision.delay().toNanos() / 1e3));
            pace = decision.pace();
        }
        return sweep;
    }
}
