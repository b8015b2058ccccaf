package io.keysweep.engine.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.testkit.ManualClock;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests the fraction of the sweep that is done and the time that remains, in simulated time. */
final class ProgressMeterTest {

    private static final Duration TICK = Duration.ofMillis(100);

    private final ManualClock clock = new ManualClock();
    private final Timing timing = new Timing(clock, clock::nanoTime, clock::advance);

    /** The part of the plan that is covered so far, 0 to 1. */
    private double covered;

    @Test
    void remaining_constantSpeed_isExactThroughout() {
        ProgressMeter meter = meter();
        for (int second = 1; second < 1_000; second++) {
            advance(meter, Duration.ofSeconds(1), 0.001);
            if (second > 3) {
                assertThat(meter.remaining()).isCloseTo(Duration.ofSeconds(1_000 - second), Duration.ofMillis(10));
            }
        }
    }

    @Test
    void remaining_justBegun_isUnknown() {
        ProgressMeter meter = meter();
        assertThat(meter.remaining()).isNull();
        assertThat(advance(meter, Duration.ofSeconds(1), 0.01)).isNull();
        assertThat(advance(meter, Duration.ofSeconds(2), 0.01)).isNotNull();
    }

    @Test
    void remaining_speedHalves_followsWithinTheWindow() {
        // The meter measures the speed over the last 30 s.
        ProgressMeter meter = meter();
        advance(meter, Duration.ofSeconds(100), 0.002);
        Duration remainingBefore = Objects.requireNonNull(meter.remaining());
        advance(meter, Duration.ofSeconds(10), 0.001);
        Duration remainingSoonAfter = Objects.requireNonNull(meter.remaining());
        advance(meter, Duration.ofSeconds(25), 0.001);

        assertThat(remainingSoonAfter).isGreaterThan(remainingBefore);
        assertThat(meter.remaining()).isCloseTo(seconds((1 - covered) / 0.001), Duration.ofSeconds(5));
    }

    @Test
    void remaining_speedDoubles_followsWithinTheWindow() {
        // The meter measures the speed over the last 30 s.
        ProgressMeter meter = meter();
        advance(meter, Duration.ofSeconds(100), 0.001);
        advance(meter, Duration.ofSeconds(35), 0.002);

        assertThat(meter.remaining()).isCloseTo(seconds((1 - covered) / 0.002), Duration.ofSeconds(5));
    }

    @Test
    void remaining_newPace_followsItAfterSeconds() {
        ProgressMeter meter = meter();
        advance(meter, Duration.ofSeconds(100), 0.001);
        meter.observing(event -> {})
                .onEvent(new SweepEvent.Retuned(PacePolicy.FULL, new SweepControl.SweepIntervention("ann", "")));

        assertThat(meter.remaining()).isNull();
        advance(meter, Duration.ofSeconds(3), 0.01);
        assertThat(meter.remaining()).isCloseTo(seconds((1 - covered) / 0.01), Duration.ofMillis(500));
    }

    @Test
    void remaining_duringHold_doesNotChange() {
        ProgressMeter meter = meter();
        SweepListener listener = meter.observing(event -> {});
        advance(meter, Duration.ofSeconds(60), 0.001);
        Duration remainingBefore = Objects.requireNonNull(meter.remaining());

        listener.onEvent(new SweepEvent.HoldBegan("server unreachable", HoldCause.CONNECTION));
        clock.advance(Duration.ofMinutes(5));
        listener.onEvent(new SweepEvent.HoldBegan("paused by ann", HoldCause.REQUEST));
        clock.advance(Duration.ofMinutes(5));

        assertThat(meter.remaining()).isEqualTo(remainingBefore);
        listener.onEvent(new SweepEvent.HoldEnded());
        assertThat(meter.remaining()).isEqualTo(remainingBefore);

        advance(meter, Duration.ofSeconds(60), 0.001);
        assertThat(meter.remaining()).isCloseTo(remainingBefore.minusSeconds(60), Duration.ofMillis(50));
    }

    @Test
    void remaining_noProgress_growsAndBecomesUnknown() {
        ProgressMeter meter = meter();
        advance(meter, Duration.ofSeconds(60), 0.001);
        Duration previous = Objects.requireNonNull(meter.remaining());
        for (int i = 0; i < 25; i++) {
            Duration current = Objects.requireNonNull(advance(meter, Duration.ofSeconds(1), 0));
            assertThat(current).isGreaterThanOrEqualTo(previous);
            previous = current;
        }

        assertThat(advance(meter, Duration.ofSeconds(10), 0)).isNull();
    }

    @Test
    void remaining_everythingCovered_isZero() {
        ProgressMeter meter = meter();
        meter.updateFraction(1);

        assertThat(meter.remaining()).isEqualTo(Duration.ZERO);
    }

    @Test
    void remaining_randomSpeed_isNeverNegative() {
        Random random = new Random(5);
        ProgressMeter meter = meter();
        while (covered < 0.99) {
            Duration remaining = advance(meter, TICK, random.nextDouble() < 0.1 ? random.nextDouble() / 50 : -0.001);
            assertThat(remaining == null || !remaining.isNegative()).isTrue();
        }
    }

    @Test
    void fraction_planReverted_doesNotFall() {
        ProgressMeter meter = meter();
        assertThat(meter.updateFraction(0.4)).isEqualTo(0.4);
        assertThat(meter.updateFraction(0.3)).isEqualTo(0.4);
        assertThat(meter.updateFraction(0.5)).isEqualTo(0.5);
        assertThat(meter.updateFraction(1.7)).isEqualTo(1);
    }

    @Test
    void fraction_resumedWithLessCovered_continuesFromReportedFraction() {
        ProgressMeter meter = new ProgressMeter(timing, 0.8);
        meter.startPlan(0.2);

        assertThat(meter.updateFraction(0.2)).isEqualTo(0.8);
        assertThat(meter.updateFraction(0.6)).isCloseTo(0.9, org.assertj.core.data.Offset.offset(1e-9));
        assertThat(meter.updateFraction(1)).isEqualTo(1);
    }

    @Test
    void remaining_resumedWithLessCovered_isForTheWholePlan() {
        ProgressMeter meter = new ProgressMeter(timing, 0.8);
        meter.startPlan(0);
        advance(meter, Duration.ofSeconds(50), 0.001);

        assertThat(meter.remaining()).isCloseTo(Duration.ofSeconds(950), Duration.ofSeconds(1));
    }

    @Test
    void fraction_planAlreadyCovered_isOne() {
        ProgressMeter meter = new ProgressMeter(timing, 0.3);
        meter.startPlan(1);

        assertThat(meter.updateFraction(1)).isEqualTo(1);
    }

    /** Returns a meter at the beginning of a plan, after no earlier run. */
    private ProgressMeter meter() {
        ProgressMeter meter = new ProgressMeter(timing, /* fraction= */ 0);
        meter.startPlan(0);
        meter.updateFraction(0);
        meter.remaining();
        return meter;
    }

    /**
     * Advances at a constant speed, and reads the meter ten times per second.
     *
     * @return the time that remains by the last reading; null if it is unknown
     */
    private @Nullable Duration advance(ProgressMeter meter, Duration duration, double fractionPerSecond) {
        Duration remaining = null;
        double tickSeconds = TICK.toMillis() / 1_000.0;
        for (Duration passed = Duration.ZERO; passed.compareTo(duration) < 0; passed = passed.plus(TICK)) {
            clock.advance(TICK);
            covered += fractionPerSecond * tickSeconds;
            meter.updateFraction(covered);
            remaining = meter.remaining();
        }
        return remaining;
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1_000));
    }
}
