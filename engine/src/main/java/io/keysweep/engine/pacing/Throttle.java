package io.keysweep.engine.pacing;

import io.keysweep.engine.pacing.ThrottleState.ThrottleDecision;
import org.jspecify.annotations.Nullable;

/**
 * The outer control loop: from what the server, its replicas and its clients suffer to the part of its ceilings that a
 * sweep may use. Looked at once a control period. Pure: same state and observation, same answer. Safe to share.
 *
 * <p>Above a soft limit the part shrinks, at most to half in a period and never below {@link #FLOOR}, so that the sweep
 * goes on; well below all of them it grows evenly, from the floor to the whole in four seconds; in between it stays. A
 * cut aims in between too, so what answers in proportion to the sweep settles there.
 *
 * <p>Bytes that a replica is behind are another matter: they add up, tell seconds late, and take time to be worked off
 * however small the part, so that such a loop would swing from the floor to the whole and back. But they also tell what
 * the replica takes, and from that what it can bear. So once some bytes have come together, the part follows
 * {@link LoadObservation#bearable}, a little below or above so that about half of the soft limit stays.
 *
 * <p>Above a hard limit the sweep holds, until the signal is below its release, and goes on at half of what it had.
 * Above a critical one in {@link #CRITICAL_CHECKS} of the last {@link #CHECKS} it ends.
 */
public final class Throttle {

    /** The smallest part of its ceilings that a sweep keeps. */
    public static final double FLOOR = 1.0 / 32;

    /** Checks above a critical limit that end a sweep, out of the last {@link #CHECKS}. */
    public static final int CRITICAL_CHECKS = 3;

    /** How many checks are remembered. */
    public static final int CHECKS = 5;

    /** Multiples of a soft limit: where a cut aims, and below which the part grows. */
    private static final double AIM = 0.85;

    private static final double CALM = 0.7;
    private static final double DEEPEST_CUT = 0.5;

    /** Multiple of the soft limit from which on the part follows what a replica can bear, and where that settles. */
    private static final double LAGGING = 0.25;

    private static final double LAG_AIM = 0.5;
    /** How much of what is bearable a whole soft limit too much takes away. */
    private static final double LAG_WEIGHT = 0.3;

    private static final double GROWTH_A_SECOND = 0.25;
    /** However long a period was: one look at the server proves no more than this. */
    private static final double LONGEST_PERIOD_SECONDS = 1;

    private static final int REMEMBERED = (1 << CHECKS) - 1;

    private final Limits limits;

    /** Under these limits. */
    public Throttle(Limits limits) {
        this.limits = limits;
    }

    /** State after a control period. */
    public ThrottleState next(ThrottleState now, LoadObservation seen) {
        Signal critical = worst(seen, Threshold.CRITICAL);
        int checks = (now.criticalChecks() << 1 | (critical == null ? 0 : 1)) & REMEMBERED;
        if (critical != null && Integer.bitCount(checks) >= CRITICAL_CHECKS) {
            String reason = over(critical, seen, Threshold.CRITICAL) + ", in " + Integer.bitCount(checks)
                    + " of the last " + CHECKS + " checks";
            return new ThrottleState(now.factor(), checks, critical, new ThrottleDecision.Stop(reason));
        }
        Signal held = now.holding();
        if (held != null && seen.of(held) >= limits.of(held).release()) {
            return new ThrottleState(now.factor(), checks, held, now.decision());
        }
        Signal hard = worst(seen, Threshold.HARD);
        if (hard != null) {
            double factor = held == null ? cut(now.factor(), DEEPEST_CUT) : now.factor();
            ThrottleDecision hold = new ThrottleDecision.Hold(over(hard, seen, Threshold.HARD));
            return new ThrottleState(factor, checks, hard, hold);
        }
        return paced(now, checks, seen);
    }

    private ThrottleState paced(ThrottleState now, int checks, LoadObservation seen) {
        double factor = factor(now.factor(), seen);
        return new ThrottleState(factor, checks, null, new ThrottleDecision.Go(slowedBy(now, factor, seen)));
    }

    private double factor(double factor, LoadObservation seen) {
        double load = load(seen);
        double lag = multiple(Signal.REPLICA_LAG, seen);
        double seconds = Math.min(LONGEST_PERIOD_SECONDS, seen.period().toNanos() / 1e9);
        double grown = Math.min(1, factor + GROWTH_A_SECOND * seconds);
        double wanted = load > 1 ? cut(factor, AIM / load) : load < CALM ? grown : factor;
        if (lag <= LAGGING) {
            return wanted;
        }
        double correction = Math.max(DEEPEST_CUT, 1 + LAG_WEIGHT * (LAG_AIM - lag));
        double borne = seen.bearable().orElse(factor) * correction;
        return Math.min(wanted, Math.clamp(borne, cut(factor, DEEPEST_CUT), lag > 1 ? factor : grown));
    }

    private static double cut(double factor, double by) {
        return Math.max(FLOOR, factor * Math.max(by, DEEPEST_CUT));
    }

    /** What is over its soft limit now; else what was over it last, while that still has an effect. */
    private @Nullable String slowedBy(ThrottleState now, double factor, LoadObservation seen) {
        if (factor == 1) {
            return null;
        }
        Signal soft = worst(seen, Threshold.SOFT);
        if (soft != null) {
            return over(soft, seen, Threshold.SOFT);
        }
        if (multiple(Signal.REPLICA_LAG, seen) > LAGGING) {
            double from = LAGGING * limits.of(Signal.REPLICA_LAG).soft();
            return Signal.REPLICA_LAG.over(seen.of(Signal.REPLICA_LAG), from);
        }
        return switch (now.decision()) {
            case ThrottleDecision.Go go -> go.slowedBy();
            case ThrottleDecision.Hold hold -> hold.reason();
            case ThrottleDecision.Stop stop -> stop.reason();
        };
    }

    /** The worst signal but for what replicas are behind, as a multiple of its soft limit. */
    private double load(LoadObservation seen) {
        double load = 0;
        for (Signal signal : Signal.values()) {
            if (signal != Signal.REPLICA_LAG) {
                load = Math.max(load, multiple(signal, seen));
            }
        }
        return load;
    }

    private double multiple(Signal signal, LoadObservation seen) {
        return seen.of(signal) / limits.of(signal).soft();
    }

    /** The signal that is over a threshold by the largest factor, if any is. */
    private @Nullable Signal worst(LoadObservation seen, Threshold threshold) {
        Signal worst = null;
        double most = 1;
        for (Signal signal : Signal.values()) {
            double times = seen.of(signal) / threshold.of(limits.of(signal));
            if (times > most) {
                most = times;
                worst = signal;
            }
        }
        return worst;
    }

    private String over(Signal signal, LoadObservation seen, Threshold threshold) {
        return signal.over(seen.of(signal), threshold.of(limits.of(signal)));
    }

    private enum Threshold {
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
