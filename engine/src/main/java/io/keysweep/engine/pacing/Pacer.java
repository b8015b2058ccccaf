package io.keysweep.engine.pacing;

import java.time.Duration;

/**
 * The pacer is the inner control loop: after each step it sets the COUNT of the next step and the delay before it.
 *
 * <p>A step is a SCAN of about COUNT keys. Its <i>busy time</i> is how long it keeps the server's main thread from
 * serving others. {@link #next} is a pure function of state, measurement and throttle factor. Immutable; safe to share
 * between threads.
 *
 * <p><b>COUNT</b> controls how long a step takes. The controlled value is the <i>load</i> of a step: its busy time
 * divided by the stall budget, the longest time that a step should take. If several steps are in flight (sent, but not
 * answered), each has an equal part of the budget. The pacer must measure the load. The cost of a step depends on how
 * many dead keys (expired, but still in memory) it meets, and no setting predicts that.
 *
 * <ul>
 *   <li>Target: a load of {@value #TARGET_LOAD}.
 *   <li>Below {@value #DEAD_BAND_START}: COUNT rises by half of the gap to the target (a gain of 0.5), but a step
 *       multiplies it by at most {@value #MAX_GROWTH}. Example: at a load of 0.5, COUNT 100 would fit the target at
 *       170, so it rises by half of the gap, to 135.
 *   <li>From {@value #DEAD_BAND_START} to 1: COUNT is not changed. The load of a step that ends by itself at {@link
 *       #stepLimit}, as a script can, is in this range.
 *   <li>Above 1, an overrun: COUNT falls immediately to the value at which the load would meet the target. The first
 *       overrun leaves at least {@value #FIRST_OVERRUN_CUT} of the step's COUNT, since one late reply proves little on
 *       a busy machine. Each further overrun in a row leaves at least {@value #REPEATED_OVERRUN_CUT} of it.
 * </ul>
 *
 * <p>A step near the end of its segment may be sent with less than the pace's COUNT. Its load is then multiplied by the
 * ratio of the two. If it had less than half of the pace's COUNT, COUNT does not rise, since it proves nothing about a
 * step of the full COUNT.
 *
 * <p><b>The delay</b> keeps the sweep under its ceilings. It is the larger of two:
 *
 * <ul>
 *   <li>for the share ceiling: {@code busy / (busy + delay)} must not exceed it;
 *   <li>for the rate ceiling: {@code visited / (busy + delay)} must not exceed it.
 * </ul>
 *
 * <p>Both ceilings are first multiplied by the factor of {@link Throttle}, the outer loop. Time on the network and in
 * this process is not treated as delay, so the true share and rate are somewhat below the ceilings.
 */
public final class Pacer {

    /**
     * The smallest COUNT, for every measured load. With fewer keys, the fixed cost of a call would exceed the cost of
     * its keys.
     */
    static final int MIN_COUNT = 10;

    /** The largest COUNT, for every measured load. */
    static final int MAX_COUNT = 5_000;

    /** The first COUNT on a server that frees values in the background. */
    private static final int START_COUNT = 50;

    /**
     * The first COUNT on a server that frees values on its main thread. There, freeing a large value may take a hundred
     * times as long as freeing a small one.
     */
    private static final int CAREFUL_START_COUNT = 20;

    /** The load at which COUNT is right. It is below 1 so that small differences between steps fit the budget. */
    private static final double TARGET_LOAD = 0.85;

    /** The load from which COUNT is not changed, so that it does not rise and fall all the time. */
    private static final double DEAD_BAND_START = 0.75;

    /** The load at which a step should end by itself. The SCAN call that exceeds it may use the remaining budget. */
    private static final double STEP_LIMIT_LOAD = 0.8;

    /**
     * The lower bound of the load in calculations. It keeps the growth finite for a step that took no measurable time.
     */
    private static final double MIN_LOAD = 0.01;

    /** The largest factor by which one step multiplies COUNT. */
    private static final double MAX_GROWTH = 1.5;

    /** The smallest factor by which the first step over the budget multiplies COUNT. */
    private static final double FIRST_OVERRUN_CUT = 0.75;

    /** The smallest factor by which each further step over the budget in a row multiplies COUNT. */
    private static final double REPEATED_OVERRUN_CUT = 0.3;

    /**
     * The shortest sleep. A shorter one would take longer than requested, so shorter delays are added up until they
     * reach this value.
     */
    private static final long MIN_DELAY_NANOS = 300_000;

    /** Under a rate ceiling, COUNT stays low enough for this many steps per second, so that the sweep runs evenly. */
    private static final long MIN_STEPS_PER_SECOND = 10;

    /** The part of the stall budget that one step may use, ns. */
    private final double budgetNanos;

    private final double shareCeiling;

    /** The shortest time per visited key under the rate ceiling, ns; 0 without a ceiling. */
    private final double minNanosPerKey;

    private final int maxCount;

    /** Creates a pacer that keeps to the stall budget, the share ceiling and the rate ceiling of a policy. */
    public Pacer(PacePolicy policy) {
        budgetNanos = (double) policy.stallBudget().toNanos() / policy.stepsInFlight();
        shareCeiling = policy.shareCeiling();
        if (policy.rateCeiling().isPresent()) {
            long rate = policy.rateCeiling().getAsLong();
            minNanosPerKey = 1e9 / rate;
            maxCount = Math.clamp(rate / MIN_STEPS_PER_SECOND, MIN_COUNT, MAX_COUNT);
        } else {
            minNanosPerKey = 0;
            maxCount = MAX_COUNT;
        }
    }

    /**
     * Returns the state before the first step.
     *
     * @param lazyFree whether the server frees expired values off its main thread; if not, the first COUNT is smaller
     */
    public Pace start(boolean lazyFree) {
        return Pace.withCount(Math.min(maxCount, lazyFree ? START_COUNT : CAREFUL_START_COUNT));
    }

    /**
     * Returns the state in which this pacer continues when the policy changes during a sweep. It keeps COUNT, within
     * the bounds of this pacer, and drops overruns and owed delay, which the former policy has caused.
     *
     * @param pace the last state of the pacer of the former policy
     */
    public Pace continueFrom(Pace pace) {
        return Pace.withCount(Math.clamp(pace.count(), MIN_COUNT, maxCount));
    }

    /** Returns the largest COUNT that a step can have: {@value #MAX_COUNT}, or less under a low rate ceiling. */
    public int maxCount() {
        return maxCount;
    }

    /** Returns the busy time after which a step should end by itself, so that it stays within the stall budget. */
    public Duration stepLimit() {
        return Duration.ofNanos((long) (budgetNanos * STEP_LIMIT_LOAD));
    }

    /**
     * Returns the state for the next step, and the delay before that step.
     *
     * @param pace the state before the measured step
     * @param step the measured step
     * @param factor the part of the share and rate ceilings that the sweep may use, above 0 up to 1
     */
    public PaceDecision next(Pace pace, StepMeasurement step, double factor) {
        long busy = step.busy().toNanos();
        double load = busy / budgetNanos;
        int overruns = load > 1 ? pace.overruns() + 1 : 0;
        int count = Math.clamp(nextCount(pace, step, load), MIN_COUNT, maxCount);

        // Solves busy / (busy + delay) = share and visited / (busy + delay) = rate for the delay.
        double delayForShare = busy * (1 / (shareCeiling * factor) - 1);
        double delayForRate = step.visited() * minNanosPerKey / factor - busy;
        long owedNanos = pace.owedDelayNanos() + (long) Math.ceil(Math.max(delayForShare, Math.max(0, delayForRate)));
        if (owedNanos < MIN_DELAY_NANOS) {
            return new PaceDecision(new Pace(count, overruns, owedNanos), Duration.ZERO);
        }
        return new PaceDecision(new Pace(count, overruns, /* owedDelayNanos= */ 0), Duration.ofNanos(owedNanos));
    }

    /**
     * Returns the COUNT of the next step before the bounds apply.
     *
     * @param load the busy time of the measured step divided by its part of the stall budget
     */
    private static int nextCount(Pace pace, StepMeasurement step, double load) {
        if (load > 1) {
            double cutFactor =
                    Math.max(TARGET_LOAD / load, pace.overruns() == 0 ? FIRST_OVERRUN_CUT : REPEATED_OVERRUN_CUT);
            // The step may have had less than the pace's COUNT, so the cut applies to the COUNT of the step.
            return (int) Math.min(pace.count(), Math.ceil(step.count() * cutFactor));
        }
        // A much shortened step that was fast says nothing about a step of the full COUNT.
        if (2L * step.count() >= pace.count()) {
            double loadOfFullCount = load * Math.max(1, (double) pace.count() / step.count());
            if (loadOfFullCount < DEAD_BAND_START) {
                double growth = Math.min(MAX_GROWTH, 1 + (TARGET_LOAD / Math.max(loadOfFullCount, MIN_LOAD) - 1) / 2);
                return (int) Math.ceil(pace.count() * growth);
            }
        }
        return pace.count();
    }
}
