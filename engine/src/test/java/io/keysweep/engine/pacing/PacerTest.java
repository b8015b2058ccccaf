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

final class PacerTest {

    private static final double BUDGET_MICROS = PacePolicy.GENTLE.stallBudget().toNanos() / 1e3;

    /** Steps of a simulated sweep: busy and rest in µs. */
    private record Taken(int count, double busy, double rest) {}

    @ParameterizedTest
    @ValueSource(doubles = {0.3, 0.7, 1.5, 3, 8, 40})
    void next_serverOfAnySpeed_convergesCloselyBelowBudget(double microsAKey) {
        List<Taken> taken = run(PacePolicy.GENTLE, 400, step -> microsAKey);

        double expected = Math.clamp(0.83 * BUDGET_MICROS / microsAKey, Pacer.MIN_COUNT, Pacer.MAX_COUNT);
        for (Taken step : taken.subList(60, 400)) {
            assertThat(step.busy()).isLessThanOrEqualTo(BUDGET_MICROS);
            assertThat((double) step.count()).isCloseTo(expected, Percentage.withPercentage(25));
        }
    }

    @Test
    void next_costDoubles_isBackUnderBudgetWithinThreeSteps() {
        List<Taken> taken = run(PacePolicy.GENTLE, 400, step -> step < 200 ? 1.2 : 2.4);
        assertThat(taken.subList(203, 400)).allMatch(step -> step.busy() <= BUDGET_MICROS);
    }

    @Test
    void next_costHalves_usesTheRoomWithinTwentySteps() {
        List<Taken> taken = run(PacePolicy.GENTLE, 400, step -> step < 200 ? 2.4 : 1.2);
        assertThat(taken.subList(220, 400)).allMatch(step -> step.busy() > 0.7 * BUDGET_MICROS);
    }

    @Test
    void next_singleOutlier_costsLittle() {
        List<Taken> taken = run(PacePolicy.GENTLE, 300, step -> step == 200 ? 60 : 1.5);
        int usual = taken.get(199).count();
        assertThat(taken.get(201).count()).isGreaterThan(usual / 2);
        assertThat((double) taken.get(215).count()).isCloseTo(usual, Percentage.withPercentage(20));
    }

    @Test
    void next_noisyMachine_staysWithinAFactorOfTwo() {
        Random random = new Random(7);
        List<Taken> taken = run(PacePolicy.GENTLE, 2_000, step -> 1.5 * (0.8 + 0.4 * random.nextDouble()));
        assertThat(taken.subList(100, 2_000)).allMatch(step -> step.count() > 140 && step.count() < 350);
    }

    @ParameterizedTest
    @CsvSource({"0.05", "0.25", "0.5", "0.9"})
    void next_anyShareCeiling_isNeverExceededOverAControlPeriod(double ceiling) {
        Random random = new Random(11);
        PacePolicy policy = new PacePolicy(Duration.ofMillis(1), ceiling, OptionalLong.empty());
        List<Taken> taken = run(policy, 3_000, step -> 0.5 + 3 * random.nextDouble());

        for (int start = 0; start + 50 <= taken.size(); start += 50) {
            List<Taken> period = taken.subList(start, start + 50);
            double busy = period.stream().mapToDouble(Taken::busy).sum();
            double rest = period.stream().mapToDouble(Taken::rest).sum();
            // Rest that is still saved up belongs to the next period: one shortest rest at most.
            assertThat(busy / (busy + rest + 300)).isLessThanOrEqualTo(ceiling);
        }
    }

    @Test
    void next_fullShare_neverRests() {
        assertThat(run(PacePolicy.FULL, 100, step -> 1.5)).allMatch(step -> step.rest() == 0);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 50, 1_000, 100_000})
    void next_rateCeiling_isNeverExceeded(long keysASecond) {
        List<Taken> taken = run(PacePolicy.FULL.withRateCeiling(keysASecond), 300, step -> 0.5);

        double visited = taken.stream().mapToDouble(Taken::count).sum();
        double seconds =
                taken.stream().mapToDouble(step -> step.busy() + step.rest()).sum() / 1e6;
        double carried = Math.max(0.001, 0.0003 * keysASecond);
        assertThat(visited / seconds).isLessThanOrEqualTo(keysASecond * (1 + carried));
        assertThat(visited / seconds).isGreaterThan(keysASecond * 0.9);
    }

    @Test
    void next_shortStepAtEndOfSegment_doesNotRaiseCount() {
        Pacer pacer = new Pacer(PacePolicy.GENTLE);
        Pace pace = new Pace(400, 0, 0);
        PaceDecision decision = pacer.next(pace, new PaceSignal(20, Duration.ofNanos(50_000), 20), 1);
        assertThat(decision.pace().count()).isEqualTo(400);
    }

    @Test
    void start_valuesFreedOnMainThread_beginsSmaller() {
        Pacer pacer = new Pacer(PacePolicy.GENTLE);
        assertThat(pacer.start(/* lazyFree= */ false).count())
                .isLessThan(pacer.start(/* lazyFree= */ true).count());
    }

    @Test
    void baseline_noiseAndLastingChange_followsOnlyTheLatter() {
        RoundTripBaseline baseline = new RoundTripBaseline();
        baseline.add(Duration.ofNanos(900));
        baseline.add(Duration.ofNanos(100));
        assertThat(baseline.busy(Duration.ofNanos(300))).isEqualTo(Duration.ofNanos(200));
        for (int i = 0; i < 32; i++) {
            baseline.add(Duration.ofNanos(250));
        }
        assertThat(baseline.busy(Duration.ofNanos(300))).isEqualTo(Duration.ofNanos(50));
        assertThat(baseline.busy(Duration.ofNanos(10))).isEqualTo(Duration.ZERO);
    }

    /** A server with a fixed cost of 20 µs a call, and a cost a key that the step number decides. */
    private static List<Taken> run(PacePolicy policy, int steps, IntToDoubleFunction microsAKey) {
        Pacer pacer = new Pacer(policy);
        Pace pace = pacer.start(/* lazyFree= */ true);
        List<Taken> taken = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            double busy = 20 + pace.count() * microsAKey.applyAsDouble(step);
            PaceDecision decision = pacer.next(
                    pace, new PaceSignal(pace.count(), Duration.ofNanos((long) (busy * 1_000)), pace.count()), 1);
            taken.add(new Taken(pace.count(), busy, decision.rest().toNanos() / 1e3));
            pace = decision.pace();
        }
        return taken;
    }
}
