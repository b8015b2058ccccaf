package io.keysweep.engine.pacing;

import io.keysweep.engine.pacing.ThrottleState.ThrottleDecision;
import org.jspecify.annotations.Nullable;

/**
 * The throttle is the outer control loop: it slows a sweep down, holds it or ends it when others suffer.
 *
 * <p>It works on <i>signals</i>, measurements of the server's load such as latency or replica lag. Each signal has a
 * {@link Limit} with three values: soft, hard and critical. {@link #next} is a pure function of state and observation,
 * called once per control period (250 ms). Immutable; safe to share between threads. The output has two parts:
 *
 * <ul>
 * <li>a <i>factor</i>, from {@link #FLOOR} to 1; {@link Pacer} multiplies the sweep's share ceiling and rate ceiling by
 * it;
 * <li>a decision: proceed, hold (send nothing for a while) or stop.
 * </ul>
 *
 * <p><b>Most signals</b> react immediately to a slower sweep. The controlled value is the <i>ratio</i> of a signal to
 * its soft limit; the signal with the highest ratio decides.
 *
 * <ul>
 * <li>Ratio above 1: the factor is multiplied by {@value #TARGET_RATIO} / ratio. If the signal is proportional to the
 * sweep, its ratio becomes {@value #TARGET_RATIO}. One period multiplies the factor by no less than {@value
 * #MIN_MULTIPLIER}. The factor never falls below the floor, so the sweep always makes progress.
 * <li>From {@value #GROW_BELOW_RATIO} to 1: the factor is not changed (dead band).
 * <li>Below {@value #GROW_BELOW_RATIO}: the factor grows by {@value #GROWTH_PER_SECOND} per second, from the floor to 1
 * in about four seconds.
 * </ul>
 *
 * <p><b>Replica lag</b> is the exception. Lag accumulates and is seen seconds late. It also takes time to work off,
 * even if the sweep is slow.
 *
 * <p>With the rule above, the factor would swing between the floor and 1. But the lag readings also show how fast the
 * replica is. Once the lag exceeds {@value #LAG_CONTROL_FROM_RATIO} of the soft limit, the factor therefore follows
 * {@link LoadObservation#sustainableFactor}. A correction with a gain of {@value #LAG_GAIN} makes the lag settle at
 * {@value #LAG_TARGET_RATIO} of the soft limit.
 *
 * <p><b>Above a hard limit</b> the sweep holds until the signal falls below {@link Limit#releaseThreshold}, and then
 * continues at half of its former factor. <b>Above a critical limit</b> in {@value #CRITICAL_CHECKS} of the last
 * {@value #CHECKS} checks, the current check among them, the sweep ends.
 */
public final class Throttle {

    /** The smallest factor, at which a slowed sweep still makes progress. */
    public static final double FLOOR = 1.0 / 32;

    /** The number of the last {@link #CHECKS} checks that must exceed a critical limit to end the sweep. */
    public static final int CRITICAL_CHECKS = 3;

    /** The number of checks that are remembered for {@link #CRITICAL_CHECKS}. */
    public static final int CHECKS = 5;

    /**
     * The value at which a signal should settle, as a part of its soft limit. It is below 1, so that small swings do
     * not exceed the limit.
     */
    private static final double TARGET_RATIO = 0.85;

    /**
     * The ratio below which the factor grows. It is lower than the target so that the factor does not rise and fall all
     * the time.
     */
    private static final double GROW_BELOW_RATIO = 0.7;

    /** The smallest number by which one period multiplies the factor. */
    private static final double MIN_MULTIPLIER = 0.5;

    /**
     * The growth of the factor per second. It may fall much faster, by half in one period, so that others do not
     * suffer for long.
     */
    private static final double GROWTH_PER_SECOND = 0.25;

    /** The ratio of the replica lag to its soft limit from which the rule for lag applies. */
    private static final double LAG_CONTROL_FROM_RATIO = 0.25;

    /** The value at which the replica lag should settle, as a part of its soft limit. */
    private static final double LAG_TARGET_RATIO = 0.5;

    /**
     * The gain of the correction: the part of the distance between lag ratio and target that one control period
     * corrects.
     */
    private static final double LAG_GAIN = 0.3;

    /**
     * The longest period, in seconds, that is used for the growth of the factor. However long a period is, it has only
     * one observation, and one observation does not justify more growth.
     */
    private static final double MAX_PERIOD_SECONDS = 1;

    /** Selects the bits of the last {@link #CHECKS} checks, one bit each. */
    private static final int CHECKS_MASK = (1 << CHECKS) - 1;

    private final Limits limits;

    /** Creates a throttle for these limits. */
    public Throttle(Limits limits) {
        this.limits = limits;
    }

    /**
     * Returns the state after a control period, with the new factor and decision.
     *
     * @param state the state after the period before; {@link ThrottleState#UNTHROTTLED} at first
     * @param observation the load in the period; a signal without a value exceeds no limit
     */
    public ThrottleState next(ThrottleState state, LoadObservation observation) {
        // Critical: end the sweep.
        Signal criticalSignal = worstAbove(Level.CRITICAL, observation);
        int criticalChecks = (state.criticalChecks() << 1 | (criticalSignal == null ? 0 : 1)) & CHECKS_MASK;
        if (criticalSignal != null && Integer.bitCount(criticalChecks) >= CRITICAL_CHECKS) {
            String reason = describe(criticalSignal, observation, Level.CRITICAL) + ", in "
                    + Integer.bitCount(criticalChecks) + " of the last " + CHECKS + " checks";
            return new ThrottleState(state.factor(), criticalChecks, criticalSignal, new ThrottleDecision.Stop(reason));
        }

        // Hard: begin a hold, or continue the current one.
        Signal heldBy = state.heldBy();
        if (heldBy != null && observation.value(heldBy) >= limits.of(heldBy).releaseThreshold()) {
            // The hold keeps the reason and the value with which it began.
            return new ThrottleState(state.factor(), criticalChecks, heldBy, state.decision());
        }
        Signal hardSignal = worstAbove(Level.HARD, observation);
        if (hardSignal != null) {
            // If another signal continues a hold, the factor was halved when the hold began.
            double factor = heldBy == null ? cut(state.factor(), MIN_MULTIPLIER) : state.factor();
            ThrottleDecision hold = new ThrottleDecision.HoldSteps(describe(hardSignal, observation, Level.HARD));
            return new ThrottleState(factor, criticalChecks, hardSignal, hold);
        }

        // Soft: adjust the factor.
        double factor = nextFactor(state.factor(), observation);
        ThrottleDecision proceed = new ThrottleDecision.Proceed(slowedBy(state, factor, observation));
        return new ThrottleState(factor, criticalChecks, /* heldBy= */ null, proceed);
    }

    /**
     * Returns the factor after a period. Two rules give a factor each, the rule for most signals and the rule for
     * replica lag. The lower factor is the result.
     */
    private double nextFactor(double factor, LoadObservation observation) {
        // The rule for most signals.
        double signalRatio = highestRatioExceptLag(observation);
        double lagRatio = ratioToSoft(Signal.REPLICA_LAG, observation);
        double seconds = Math.min(MAX_PERIOD_SECONDS, observation.period().toNanos() / 1e9);
        double grownFactor = Math.min(1, factor + GROWTH_PER_SECOND * seconds);
        double factorWithoutCut = signalRatio < GROW_BELOW_RATIO ? grownFactor : factor;
        double factorBySignals = signalRatio > 1 ? cut(factor, TARGET_RATIO / signalRatio) : factorWithoutCut;
        if (lagRatio <= LAG_CONTROL_FROM_RATIO) {
            return factorBySignals;
        }

        // The rule for replica lag. Without a known speed of the replica, the correction applies to the factor itself.
        double correction = Math.max(MIN_MULTIPLIER, 1 + LAG_GAIN * (LAG_TARGET_RATIO - lagRatio));
        double sustainableFactor = observation.sustainableFactor().orElse(factor) * correction;
        // Above the soft limit the factor must not grow, even if the replica was measured to be fast.
        double upperBound = lagRatio > 1 ? factor : grownFactor;
        return Math.min(factorBySignals, Math.clamp(sustainableFactor, cut(factor, MIN_MULTIPLIER), upperBound));
    }

    /**
     * Returns the factor times the multiplier. A multiplier below {@link #MIN_MULTIPLIER} is raised to this value, and
     * the result is at least the floor.
     */
    private static double cut(double factor, double multiplier) {
        return Math.max(FLOOR, factor * Math.max(multiplier, MIN_MULTIPLIER));
    }

    /**
     * Returns why the factor is below 1, as a text for users; null at factor 1. The reason is a signal above its soft
     * limit, or else the replica lag. Otherwise the former reason is kept, because the factor is still below 1 for that
     * reason.
     */
    private @Nullable String slowedBy(ThrottleState formerState, double factor, LoadObservation observation) {
        if (factor == 1) {
            return null;
        }
        Signal softSignal = worstAbove(Level.SOFT, observation);
        if (softSignal != null) {
            return describe(softSignal, observation, Level.SOFT);
        }
        if (ratioToSoft(Signal.REPLICA_LAG, observation) > LAG_CONTROL_FROM_RATIO) {
            double lagLimit =
                    LAG_CONTROL_FROM_RATIO * limits.of(Signal.REPLICA_LAG).soft();
            return Signal.REPLICA_LAG.describeExcess(observation.value(Signal.REPLICA_LAG), lagLimit);
        }
        return switch (formerState.decision()) {
            case ThrottleDecision.Proceed proceed -> proceed.slowedBy();
            case ThrottleDecision.HoldSteps hold -> hold.reason();
            case ThrottleDecision.Stop stop -> stop.reason();
        };
    }

    private double highestRatioExceptLag(LoadObservation observation) {
        double highest = 0;
        for (Signal signal : Signal.values()) {
            if (signal != Signal.REPLICA_LAG) {
                highest = Math.max(highest, ratioToSoft(signal, observation));
            }
        }
        return highest;
    }

    /** Returns a signal's value divided by its soft limit. */
    private double ratioToSoft(Signal signal, LoadObservation observation) {
        return observation.value(signal) / limits.of(signal).soft();
    }

    /** Returns the signal that exceeds the level by the highest ratio, or null if none exceeds it. */
    private @Nullable Signal worstAbove(Level level, LoadObservation observation) {
        Signal worst = null;
        double highest = 1;
        for (Signal signal : Signal.values()) {
            double ratio = observation.value(signal) / level.of(limits.of(signal));
            if (ratio > highest) {
                highest = ratio;
                worst = signal;
            }
        }
        return worst;
    }

    private String describe(Signal signal, LoadObservation observation, Level level) {
        return signal.describeExcess(observation.value(signal), level.of(limits.of(signal)));
    }

    /**
     * Selects one of the three values of a limit: above soft the sweep slows down, above hard it holds, above critical
     * it ends.
     */
    private enum Level {
        SOFT,
        HARD,
        CRITICAL;

        private double of(Limit limit) {
            return switch (this) {
                case SOFT -> limit.soft();
                case HARD -> limit.hard();
                case CRITICAL -> limit.critical();
            };
        }
    }
}
