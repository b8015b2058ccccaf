package io.keysweep.engine.pacing;

import io.keysweep.engine.pacing.Throttling.Verdict;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The outer control loop: from what the server, its replicas and its clients suffer to the part of its ceilings that a
 * sweep may use. Looked at once a control period. Pure: same state and observation, same answer. Safe to share.
 *
 * <p>Above a soft limit the part shrinks at once, at most to half in a period and never below {@link #FLOOR}, so that the
 * sweep goes on; well below all of them it grows by a constant amount of time, from the floor to the whole in four
 * seconds. Two rules keep it from swinging. Between the two thresholds it stays, and a cut aims between them instead of
 * halving blindly, which settles what answers in proportion to the sweep. What adds up instead, as bytes that a replica
 * is behind, is judged by its course as well: no further cut while it falls by itself, no growth while it rises.
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
    /** Falls to less than this from one check to the next: what was done is enough. */
    private static final double FALLING = 0.9;
    /** Rises by more than this multiple of the soft limit from one check to the next: enough is done. */
    private static final double RISING = 0.05;

    private static final double GROWTH_A_SECOND = 0.25;
    /** However long a period was: one look at the server proves no more than this. */
    private static final Duration LONGEST_PERIOD = Duration.ofSeconds(1);

    private static final int REMEMBERED = (1 << CHECKS) - 1;

    private final Limits limits;

    /** Under these limits. */
    public Throttle(Limits limits) {
        this.limits = limits;
    }

    /** State after a control period. */
    public Throttling next(Throttling now, Observation seen) {
        Signal critical = worst(seen, Threshold.CRITICAL);
        int checks = (now.criticalChecks() << 1 | (critical == null ? 0 : 1)) & REMEMBERED;
        double load = load(seen);
        if (critical != null && Integer.bitCount(checks) >= CRITICAL_CHECKS) {
            String reason = over(critical, seen, Threshold.CRITICAL) + ", in " + Integer.bitCount(checks)
                    + " of the last " + CHECKS + " checks";
            return new Throttling(now.factor(), load, checks, critical, new Verdict.Stop(reason));
        }
        Signal held = now.holding();
        if (held != null && seen.of(held) >= limits.of(held).release()) {
            return new Throttling(now.factor(), load, checks, held, now.verdict());
        }
        Signal hard = worst(seen, Threshold.HARD);
        if (hard != null) {
            double factor = held == null ? cut(now.factor(), DEEPEST_CUT) : now.factor();
            return new Throttling(factor, load, checks, hard, new Verdict.Hold(over(hard, seen, Threshold.HARD)));
        }
        double factor = factor(now, load, seen.period());
        return new Throttling(factor, load, checks, null, new Verdict.Go(slowedBy(now, factor, seen)));
    }

    private static double factor(Throttling now, double load, Duration period) {
        if (load > 1) {
            boolean falling = load < now.load() * FALLING;
            return falling ? now.factor() : cut(now.factor(), AIM / load);
        }
        if (load < CALM && load - now.load() <= RISING) {
            Duration proven = period.compareTo(LONGEST_PERIOD) > 0 ? LONGEST_PERIOD : period;
            return Math.min(1, now.factor() + GROWTH_A_SECOND * proven.toNanos() / 1e9);
        }
        return now.factor();
    }

    private static double cut(double factor, double by) {
        return Math.max(FLOOR, factor * Math.max(by, DEEPEST_CUT));
    }

    /** What is over its soft limit now; else what was over it last, while that still has an effect. */
    private @Nullable String slowedBy(Throttling now, double factor, Observation seen) {
        if (factor == 1) {
            return null;
        }
        Signal soft = worst(seen, Threshold.SOFT);
        if (soft != null) {
            return over(soft, seen, Threshold.SOFT);
        }
        return switch (now.verdict()) {
            case Verdict.Go go -> go.slowedBy();
            case Verdict.Hold hold -> hold.reason();
            case Verdict.Stop stop -> stop.reason();
        };
    }

    private double load(Observation seen) {
        double load = 0;
        for (Signal signal : limits.bySignal().keySet()) {
            load = Math.max(load, seen.of(signal) / Threshold.SOFT.of(limits.of(signal)));
        }
        return load;
    }

    /** The signal that is over a threshold by the largest factor, if any is. */
    private @Nullable Signal worst(Observation seen, Threshold threshold) {
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

    private String over(Signal signal, Observation seen, Threshold threshold) {
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
