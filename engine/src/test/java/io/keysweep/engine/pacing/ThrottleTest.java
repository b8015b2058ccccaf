package io.keysweep.engine.pacing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.keysweep.engine.pacing.ThrottleState.ThrottleDecision;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests what the throttle decides after an observation of load, and the factor by which it slows the sweep down.
 *
 * <p>Most tests use {@link #LIMIT} for any signal, so a value of 40 slows down, 101 holds and 2,000 is critical.
 */
final class ThrottleTest {

    private static final Duration PERIOD = Duration.ofMillis(250);

    /** A limit that slows the sweep down above 10, holds it above 100 and ends it above 1,000. */
    private static final Limit LIMIT = new Limit(10, 100, 1_000);

    @ParameterizedTest
    @EnumSource
    void next_anySignalAboveSoft_slowsDownWithReason(Signal signal) {
        ThrottleState slowedState = throttleFor(signal).next(ThrottleState.UNTHROTTLED, observation(signal, 40));

        assertThat(slowedState.factor()).isBetween(0.5, 0.6);
        assertThat(slowedState.decision())
                .asInstanceOf(InstanceOfAssertFactories.type(ThrottleDecision.Proceed.class))
                .extracting(ThrottleDecision.Proceed::slowedBy, InstanceOfAssertFactories.STRING)
                .isEqualTo(signal.describeExcess(40, 10));
    }

    @ParameterizedTest
    @EnumSource
    void next_anySignalAboveHard_holdsUntilBelowSoft(Signal signal) {
        Throttle throttle = throttleFor(signal);
        ThrottleState holdState = throttle.next(ThrottleState.UNTHROTTLED, observation(signal, 101));

        assertThat(holdState.decision()).isEqualTo(new ThrottleDecision.HoldSteps(signal.describeExcess(101, 100)));

        ThrottleState belowHard = throttle.next(holdState, observation(signal, 99));
        ThrottleState atSoft = throttle.next(belowHard, observation(signal, 10));

        assertThat(belowHard.decision()).isEqualTo(holdState.decision());
        assertThat(atSoft.decision()).isEqualTo(holdState.decision());

        ThrottleState belowSoft = throttle.next(atSoft, observation(signal, 5));
        assertThat(belowSoft.decision()).isInstanceOf(ThrottleDecision.Proceed.class);
        assertThat(belowSoft.factor()).isBetween(0.5, 0.6);
    }

    @ParameterizedTest
    @EnumSource
    void next_anySignalAboveCriticalInThreeOfFiveChecks_stops(Signal signal) {
        Throttle throttle = throttleFor(signal);
        ThrottleState state = ThrottleState.UNTHROTTLED;
        for (double value : new double[] {2_000, 1, 2_000, 1}) {
            state = throttle.next(state, observation(signal, value));
            assertThat(state.decision()).isNotInstanceOf(ThrottleDecision.Stop.class);
        }
        state = throttle.next(state, observation(signal, 3_000));

        assertThat(state.decision())
                .isEqualTo(
                        new ThrottleDecision.Stop(signal.describeExcess(3_000, 1_000) + ", in 3 of the last 5 checks"));
    }

    @Test
    void next_criticalInEveryThirdCheck_neverStops() {
        Throttle throttle = throttleFor(Signal.LATENCY);
        ThrottleState state = ThrottleState.UNTHROTTLED;
        for (int check = 0; check < 100; check++) {
            state = throttle.next(state, observation(Signal.LATENCY, check % 3 == 0 ? 2_000 : 1));
            assertThat(state.decision()).isNotInstanceOf(ThrottleDecision.Stop.class);
        }
    }

    @Test
    void describeExcess_everySignal_isASentenceWithUnits() {
        double mib = 1 << 20;
        assertThat(Signal.LATENCY.describeExcess(34, 5))
                .isEqualTo("callers wait 34.0 ms for the server, more than 5.0 ms");
        assertThat(Signal.REPLICA_LAG.describeExcess(70.2 * mib, 48 * mib))
                .isEqualTo("a replica is 70.2 MiB behind, more than 48.0 MiB");
        assertThat(Signal.REPLICA_SILENCE.describeExcess(12, 10))
                .isEqualTo("a replica has confirmed nothing for 12 s, more than 10 s");
        assertThat(Signal.REPLICA_SYNC.describeExcess(1, 0))
                .isEqualTo("a replica is being synchronised (full synchronisation); the sweep continues once it is"
                        + " online");
        assertThat(Signal.REPLICA_SYNC.describeExcess(2, 0))
                .isEqualTo("2 replicas are being synchronised (full synchronisation); the sweep continues once they are"
                        + " online");
        assertThat(Signal.OUTPUT_BUFFER.describeExcess(9 * mib, 8 * mib))
                .isEqualTo("one client has 9.0 MiB of unread output, more than 8.0 MiB");
        assertThat(Signal.CPU.describeExcess(0.931, 0.75))
                .isEqualTo("others keep the server busy for 93 % of the time, more than 75 %");
        assertThat(Signal.EVICTIONS.describeExcess(5_000, 1_000))
                .isEqualTo("the server evicts 5,000 keys a second, more than 1,000 keys a second");
        assertThat(Signal.OPERATIONS.describeExcess(2_000, 1_500))
                .isEqualTo("the server runs 2,000 commands a second, more than 1,500 commands a second");
    }

    @Test
    void next_longAboveSoft_isNeverBelowTheFloor() {
        Throttle throttle = throttleFor(Signal.CPU);
        ThrottleState state = ThrottleState.UNTHROTTLED;
        for (int check = 0; check < 20; check++) {
            state = throttle.next(state, observation(Signal.CPU, 50));
        }

        assertThat(state.factor()).isEqualTo(Throttle.FLOOR);
    }

    @Test
    void next_slightlyAboveSoft_cutsInProportion() {
        // The throttle aims at 85 % of the soft limit, and the value is 110 % of it.
        assertThat(throttleFor(Signal.CPU)
                        .next(ThrottleState.UNTHROTTLED, observation(Signal.CPU, 11))
                        .factor())
                .isCloseTo(0.85 / 1.1, within(1e-9));
    }

    @Test
    void next_replicaBehind_followsSustainableFactor() {
        Throttle throttle = throttleFor(Signal.REPLICA_LAG);
        ThrottleState state = new ThrottleState(
                0.5, /* criticalChecks= */ 0, /* heldBy= */ null, new ThrottleDecision.Proceed("it is slowed down"));
        // The throttle aims at a lag of half of the soft limit, which is 5 bytes. Above it, the factor is below the
        // sustainable factor. Below it, the factor is above the sustainable factor.
        assertThat(throttle.next(state, behind(5, 0.4)).factor()).isCloseTo(0.4, within(1e-9));
        assertThat(throttle.next(state, behind(9, 0.4)).factor()).isBetween(0.3, 0.4);
        assertThat(throttle.next(state, behind(3, 0.4)).factor()).isBetween(0.4, 0.5);

        // In one period of 0.25 s, the factor falls at most by half, and rises at most by 0.25 × 0.25.
        assertThat(throttle.next(state, behind(5, 0.01)).factor()).isEqualTo(0.25);
        assertThat(throttle.next(state, behind(5, 0.9)).factor()).isEqualTo(0.5625);

        // At a quarter of the soft limit or less the lag has no effect.
        assertThat(throttle.next(state, behind(2, 0.1)).factor()).isEqualTo(0.5625);
    }

    @Test
    void next_calmAgain_growsFromFloorToFullInFourSeconds() {
        Throttle throttle = throttleFor(Signal.LATENCY);
        ThrottleState state = new ThrottleState(
                Throttle.FLOOR,
                /* criticalChecks= */ 0,
                /* heldBy= */ null,
                new ThrottleDecision.Proceed("callers wait"));
        // A check follows every 250 ms, so the sixteenth ends the fourth second.
        for (int check = 0; check < 15; check++) {
            state = throttle.next(state, observation(Signal.LATENCY, 1));
            assertThat(state.decision()).isEqualTo(new ThrottleDecision.Proceed("callers wait"));
        }
        state = throttle.next(state, observation(Signal.LATENCY, 1));

        assertThat(state.factor()).isEqualTo(1);
        assertThat(state.decision()).isEqualTo(new ThrottleDecision.Proceed(null));
    }

    @ParameterizedTest
    @CsvSource({"OUTPUT_BUFFER, 7", "OUTPUT_BUFFER, 10", "LATENCY, 7", "LATENCY, 10"})
    void next_from70To100PercentOfSoft_keepsFactor(Signal signal, double value) {
        ThrottleState state = new ThrottleState(
                0.4, /* criticalChecks= */ 0, /* heldBy= */ null, new ThrottleDecision.Proceed("it is slowed down"));
        assertThat(throttleFor(signal).next(state, observation(signal, value)).factor())
                .isEqualTo(0.4);
    }

    @Test
    void next_severalSignalsAboveSoft_namesTheWorst() {
        Throttle throttle = new Throttle(Limits.NONE.with(Signal.CPU, LIMIT).with(Signal.LATENCY, LIMIT));
        ThrottleState state = throttle.next(
                ThrottleState.UNTHROTTLED,
                new LoadObservation(PERIOD, Map.of(Signal.CPU, 12.0, Signal.LATENCY, 11.0), OptionalDouble.empty()));

        assertThat(state.decision()).isEqualTo(new ThrottleDecision.Proceed(Signal.CPU.describeExcess(12, 10)));
    }

    @Test
    void next_looserLimitsDuringHold_endTheHold() {
        ThrottleState holdState =
                throttleFor(Signal.LATENCY).next(ThrottleState.UNTHROTTLED, observation(Signal.LATENCY, 500));
        Throttle looserThrottle = new Throttle(Limits.NONE.with(Signal.LATENCY, new Limit(1_000, 2_000, 3_000)));

        assertThat(looserThrottle
                        .next(holdState, observation(Signal.LATENCY, 500))
                        .decision())
                .isInstanceOf(ThrottleDecision.Proceed.class);
    }

    @Test
    void next_unknownOrUnlimitedSignals_haveNoEffect() {
        Throttle throttleWithoutLimits = new Throttle(Limits.NONE);

        assertThat(throttleWithoutLimits.next(ThrottleState.UNTHROTTLED, observation(Signal.EVICTIONS, 1e18)))
                .isEqualTo(ThrottleState.UNTHROTTLED);

        // The observation does not contain the limited signal.
        assertThat(throttleFor(Signal.CPU)
                        .next(ThrottleState.UNTHROTTLED, new LoadObservation(PERIOD, Map.of(), OptionalDouble.empty())))
                .isEqualTo(ThrottleState.UNTHROTTLED);
    }

    /** The limits and the observations of each of the 300 sequences are random. */
    @Test
    void next_anySequence_keepsInvariants() {
        Random random = new Random(17);
        for (int run = 0; run < 300; run++) {
            Limits limits = anyLimits(random);
            Throttle throttle = new Throttle(limits);
            ThrottleState state = ThrottleState.UNTHROTTLED;
            for (int check = 0; check < 100; check++) {
                LoadObservation observation = anyObservation(random);
                ThrottleState nextState = throttle.next(state, observation);

                assertInvariants(limits, state, observation, nextState);
                assertThat(throttle.next(state, observation)).isEqualTo(nextState);

                if (nextState.decision() instanceof ThrottleDecision.Stop) {
                    break;
                }
                state = nextState;
            }
        }
    }

    /** Asserts what is true after any observation: the bounds of the factor, and which decisions are possible. */
    private static void assertInvariants(
            Limits limits, ThrottleState before, LoadObservation observation, ThrottleState after) {
        double seconds = Math.min(1, observation.period().toNanos() / 1e9);
        assertThat(after.factor())
                .isBetween(Throttle.FLOOR, 1.0)
                .isGreaterThanOrEqualTo(Math.max(Throttle.FLOOR, before.factor() / 2))
                .isLessThanOrEqualTo(before.factor() + 0.25 * seconds + 1e-9);

        boolean aboveHard = false;
        boolean aboveSoft = false;
        boolean aboveCritical = false;
        for (Signal signal : Signal.values()) {
            aboveSoft |= observation.value(signal) > limits.of(signal).soft();
            aboveHard |= observation.value(signal) > limits.of(signal).hard();
            aboveCritical |= observation.value(signal) > limits.of(signal).critical();
        }

        if (aboveHard) {
            assertThat(after.decision()).isNotInstanceOf(ThrottleDecision.Proceed.class);
        }
        if (aboveSoft) {
            assertThat(after.factor()).isLessThanOrEqualTo(before.factor());
        }
        if (after.decision() instanceof ThrottleDecision.Stop) {
            assertThat(aboveCritical).isTrue();
        }
        if (after.decision() instanceof ThrottleDecision.Proceed go) {
            assertThat(go.slowedBy() == null).isEqualTo(after.factor() == 1);
        }

        assertThat(after.heldBy() == null).isEqualTo(after.decision() instanceof ThrottleDecision.Proceed);
    }

    /** Returns random limits for all signals, some of them without a hard or a critical limit. */
    private static Limits anyLimits(Random random) {
        Limits limits = Limits.NONE;
        for (Signal signal : Signal.values()) {
            double soft = Math.exp(random.nextDouble() * 4);
            double hard = random.nextInt(3) == 0 ? Limit.OFF : soft * (1 + random.nextInt(4));
            double critical = random.nextInt(3) == 0 ? Limit.OFF : hard * (1 + random.nextInt(3));
            limits = limits.with(signal, new Limit(soft, hard, critical));
        }
        return limits;
    }

    /** Returns an observation with random values of some signals. */
    private static LoadObservation anyObservation(Random random) {
        Map<Signal, Double> values = new EnumMap<>(Signal.class);
        for (Signal signal : Signal.values()) {
            if (random.nextInt(4) > 0) {
                values.put(signal, random.nextInt(3) == 0 ? 0.0 : Math.exp(random.nextDouble() * 6 - 2));
            }
        }
        OptionalDouble sustainableFactor =
                random.nextBoolean() ? OptionalDouble.empty() : OptionalDouble.of(3 * random.nextDouble());
        return new LoadObservation(Duration.ofMillis(random.nextInt(3_000)), values, sustainableFactor);
    }

    /** Returns a throttle that limits a single signal. */
    private static Throttle throttleFor(Signal signal) {
        return new Throttle(Limits.NONE.with(signal, LIMIT));
    }

    private static LoadObservation observation(Signal signal, double value) {
        return new LoadObservation(PERIOD, Map.of(signal, value), OptionalDouble.empty());
    }

    /** Returns an observation of a replica that is some bytes behind, and of the factor that it can sustain. */
    private static LoadObservation behind(double bytes, double sustainableFactor) {
        return new LoadObservation(PERIOD, Map.of(Signal.REPLICA_LAG, bytes), OptionalDouble.of(sustainableFactor));
    }
}
