package io.keysweep.engine.pacing;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.pacing.ThrottleState.ThrottleDecision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Simulates a server whose main thread the sweep shares with other clients, and a replica that reads at its own speed.
 * Latency follows a queue: the less of the main thread is free, the longer callers wait.
 */
final class SimulatedLoad {

    /** The length of a control period, s. */
    private static final double PERIOD_SECONDS = 0.25;

    /** The time that a step takes for each key, µs; it varies by 20 %. */
    private static final double MICROS_PER_KEY = 1.2;

    /** The time that a step takes in addition to the time for its keys, µs. */
    private static final double MICROS_PER_STEP = 20;

    /** The bytes that the server sends to the replica for each visited key. */
    private static final double BYTES_PER_KEY = 10;

    /** The time that a command of other clients takes, ms. */
    private static final double SERVICE_MILLIS = 0.5;

    /**
     * Describes one control period.
     *
     * @param second the simulated time at which the period ended, s
     * @param factor the throttle factor for the next period, above 0 to 1
     * @param share the part of the main thread's time that the sweep took, 0 to 1
     * @param visited the number of keys that the sweep visited in the period
     * @param latency the time that callers waited for the server, ms
     * @param lag the number of bytes that the replica is behind at the end of the period
     * @param written the number of bytes that the sweep made the server send to the replica in the period
     * @param held whether the sweep holds in the next period
     * @param slowedBy why the sweep is slowed down, for the user; null if it is not
     */
    record Period(
            double second,
            double factor,
            double share,
            long visited,
            double latency,
            double lag,
            double written,
            boolean held,
            @Nullable String slowedBy) {}

    /** The part of the main thread's time that others take, 0 to 1, as a function of the simulated second. */
    DoubleUnaryOperator others = second -> 0.05;

    /** The latency that a sweep with the whole main thread would add to the latency of the queue, ms. */
    double latencyPerShare;

    /** The number of bytes per second that the replica reads, as a function of the simulated second. */
    DoubleUnaryOperator replicaBytesPerSecond = second -> 1e9;

    private final PacePolicy policy;
    private final Pacer pacer;
    private final Throttle throttle;
    private final Random random;

    /** The simulated time, s. */
    private double now;

    /** The number of bytes that the replica has not read yet. */
    private double lag;

    private final ReplicaLag replica = new ReplicaLag();

    /** The sum of throttle factor × seconds so far. */
    private double factorSeconds;

    /** The number of bytes that the server has written for the replica so far. */
    private double written;

    /** The number of bytes that the replica has confirmed, which it does once per second. */
    private double confirmed;

    /** The second in which the replica confirmed for the last time. */
    private double lastConfirmedSecond;

    SimulatedLoad(PacePolicy policy, long seed) {
        this.policy = policy;
        this.pacer = new Pacer(policy);
        this.throttle = new Throttle(policy.limits());
        this.random = new Random(seed);
    }

    /** Lets a sweep run for a time, and returns what happened in each control period. */
    List<Period> run(Duration duration) {
        List<Period> periods = new ArrayList<>();
        ThrottleState throttleState = ThrottleState.UNTHROTTLED;
        Pace pace = pacer.start(/* lazyFree= */ true);
        double delay = 0;
        while (now < duration.toSeconds()) {
            // The sweep makes steps for one control period, or holds.
            double start = now;
            double busySeconds = 0;
            long visited = 0;
            boolean holds = throttleState.decision() instanceof ThrottleDecision.HoldSteps;
            advance(holds ? PERIOD_SECONDS : delay);
            while (now - start < PERIOD_SECONDS) {
                double microsPerKey = MICROS_PER_KEY * (0.8 + 0.4 * random.nextDouble());
                double stepSeconds = (MICROS_PER_STEP + pace.count() * microsPerKey) / 1e6;
                PaceDecision decision = pacer.next(
                        pace,
                        new StepMeasurement(pace.count(), seconds(stepSeconds), pace.count()),
                        throttleState.factor());
                busySeconds += stepSeconds;
                visited += pace.count();
                lag += pace.count() * BYTES_PER_KEY;
                written += pace.count() * BYTES_PER_KEY;
                pace = decision.pace();
                delay = decision.delay().toNanos() / 1e9;
                advance(stepSeconds);
                double secondsLeft = Math.max(0, PERIOD_SECONDS - (now - start));
                advance(Math.min(delay, secondsLeft));
                delay = Math.max(0, delay - secondsLeft);
            }

            // At the end of the period, the throttle decides by the observed load.
            double share = busySeconds / (now - start);
            double latency = latency(share);
            Map<Signal, Double> values = new EnumMap<>(Signal.class);
            values.put(Signal.LATENCY, latency);
            factorSeconds += holds ? 0 : throttleState.factor() * (now - start);
            replica.add(seconds(now).toNanos(), written, confirmed, factorSeconds);
            replica.lagBytes().ifPresent(bytes -> values.put(Signal.REPLICA_LAG, bytes));
            values.put(Signal.REPLICA_SILENCE, now - lastConfirmedSecond);
            throttleState = throttle.next(
                    throttleState, new LoadObservation(seconds(now - start), values, replica.sustainableFactor()));

            periods.add(new Period(
                    now,
                    throttleState.factor(),
                    share,
                    visited,
                    latency,
                    lag,
                    visited * BYTES_PER_KEY,
                    throttleState.decision() instanceof ThrottleDecision.HoldSteps,
                    throttleState.decision() instanceof ThrottleDecision.Proceed proceed ? proceed.slowedBy() : null));
        }
        return periods;
    }

    /** Asserts that the sweep exceeded in no period the share that applied when it began, except by single steps. */
    void assertShareNotExceeded(List<Period> periods) {
        double factorBefore = 1;
        for (Period period : periods) {
            // A delay below 0.3 ms is saved up, and the last step may run past the end of the period.
            double slack = (300e-6 + policy.stallBudget().toNanos() / 1e9) / PERIOD_SECONDS;
            assertThat(period.share()).isLessThanOrEqualTo(policy.shareCeiling() * factorBefore + slack);
            factorBefore = period.factor();
        }
    }

    /** Returns the time that callers wait, ms, by the formula of an M/M/1 queue with noise of 20 %. */
    private double latency(double share) {
        double load = Math.min(0.98, others.applyAsDouble(now) + share * (1 - others.applyAsDouble(now)));
        double noise = 0.8 + 0.4 * random.nextDouble();
        return (SERVICE_MILLIS * load / (1 - load) + latencyPerShare * share) * noise;
    }

    /** Lets time pass, in which the replica reads. */
    private void advance(double seconds) {
        now += seconds;
        double readBytes = replicaBytesPerSecond.applyAsDouble(now) * seconds;
        lag = Math.max(0, lag - readBytes);
        if (readBytes > 0 && Math.floor(now) > lastConfirmedSecond) {
            lastConfirmedSecond = Math.floor(now);
            confirmed = written - lag;
        }
    }

    private static Duration seconds(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }
}
