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
 * A server with one main thread that the sweep shares with others, and a replica that takes what is written at its own
 * speed. Callers wait as in a queue: the longer, the less of the main thread is free.
 */
final class SimulatedLoad {

    private static final double PERIOD = 0.25;
    private static final double MICROS_A_KEY = 1.2;
    private static final double BYTES_A_KEY = 10;
    private static final double SERVICE_MILLIS = 0.5;

    /**
     * One control period.
     *
     * @param second when it ended
     * @param factor what it allows for the next
     * @param share what the sweep has taken in it
     * @param waited what callers have waited, ms
     * @param lag bytes that the replica is behind
     * @param written bytes that the sweep has made the server write
     */
    record Period(
            double second,
            double factor,
            double share,
            long visited,
            double waited,
            double lag,
            double written,
            boolean held,
            @Nullable String slowedBy) {}

    /** Share of the main thread that others take, by the second. */
    DoubleUnaryOperator others = second -> 0.05;
    /** What callers wait for each share that the sweep takes beside the queue, ms. */
    double waitPerShare;
    /** What the replica takes, by the second. */
    DoubleUnaryOperator replicaBytesASecond = second -> 1e9;

    private final PacePolicy policy;
    private final Pacer pacer;
    private final Throttle throttle;
    private final Random random;
    private double now;
    private double lag;
    private final ReplicaLag replica = new ReplicaLag();
    private double used;
    private double written;
    /** What the replica has told of; it does so once a second. */
    private double confirmed;

    private double replicaMoved;

    SimulatedLoad(PacePolicy policy, long seed) {
        this.policy = policy;
        this.pacer = new Pacer(policy);
        this.throttle = new Throttle(policy.limits());
        this.random = new Random(seed);
    }

    List<Period> run(Duration duration) {
        List<Period> periods = new ArrayList<>();
        ThrottleState throttling = ThrottleState.NONE;
        Pace pace = pacer.start(/* lazyFree= */ true);
        double rest = 0;
        while (now < duration.toSeconds()) {
            double start = now;
            double busy = 0;
            long visited = 0;
            boolean held = throttling.decision() instanceof ThrottleDecision.Hold;
            pass(held ? PERIOD : rest);
            while (now - start < PERIOD) {
                double step = (20 + pace.count() * MICROS_A_KEY * (0.8 + 0.4 * random.nextDouble())) / 1e6;
                PaceDecision decision = pacer.next(
                        pace, new PaceSignal(pace.count(), seconds(step), pace.count()), throttling.factor());
                busy += step;
                visited += pace.count();
                lag += pace.count() * BYTES_A_KEY;
                written += pace.count() * BYTES_A_KEY;
                pace = decision.pace();
                rest = decision.rest().toNanos() / 1e9;
                pass(step);
                double left = Math.max(0, PERIOD - (now - start));
                pass(Math.min(rest, left));
                rest = Math.max(0, rest - left);
            }
            double share = busy / (now - start);
            double waited = wait(share);
            Map<Signal, Double> values = new EnumMap<>(Signal.class);
            values.put(Signal.LATENCY, waited);
            used += held ? 0 : throttling.factor() * (now - start);
            replica.add(seconds(now).toNanos(), written, confirmed, used);
            replica.bytes().ifPresent(bytes -> values.put(Signal.REPLICA_LAG, bytes));
            values.put(Signal.REPLICA_SILENCE, now - replicaMoved);
            throttling =
                    throttle.next(throttling, new LoadObservation(seconds(now - start), values, replica.bearable()));
            periods.add(new Period(
                    now,
                    throttling.factor(),
                    share,
                    visited,
                    waited,
                    lag,
                    visited * BYTES_A_KEY,
                    throttling.decision() instanceof ThrottleDecision.Hold,
                    throttling.decision() instanceof ThrottleDecision.Go go ? go.slowedBy() : null));
        }
        return periods;
    }

    /** In no control period more than the larger of what held at its two ends: the ceiling is left for one at most. */
    void assertShareHeld(List<Period> periods) {
        double before = 1;
        for (Period period : periods) {
            // Rest below 0.3 ms is saved up, and a step that has begun is ended.
            double slack = (300e-6 + policy.stallBudget().toNanos() / 1e9) / PERIOD;
            assertThat(period.share()).isLessThanOrEqualTo(policy.shareCeiling() * before + slack);
            before = period.factor();
        }
    }

    private double wait(double share) {
        double load = Math.min(0.98, others.applyAsDouble(now) + share * (1 - others.applyAsDouble(now)));
        double noise = 0.8 + 0.4 * random.nextDouble();
        return (SERVICE_MILLIS * load / (1 - load) + waitPerShare * share) * noise;
    }

    private void pass(double seconds) {
        now += seconds;
        double taken = replicaBytesASecond.applyAsDouble(now) * seconds;
        lag = Math.max(0, lag - taken);
        if (taken > 0 && Math.floor(now) > replicaMoved) {
            replicaMoved = Math.floor(now);
            confirmed = written - lag;
        }
    }

    private static Duration seconds(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }
}
