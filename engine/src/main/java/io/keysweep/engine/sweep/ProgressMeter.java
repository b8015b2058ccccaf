package io.keysweep.engine.sweep;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Calculates which fraction of a sweep is done, and estimates the time until the sweep ends.
 *
 * <p>A sweep has several runs if one process continues the work of another. Each run makes a plan, which lists the
 * databases to visit and the position at which to begin. A run makes another plan when it must start again, for example
 * after a restart of the server.
 *
 * <p><b>The fraction done</b> never falls, over all runs of a sweep, and never exceeds 1. When a sweep is resumed or
 * the server restarts, the covered part of a new plan may be smaller than the fraction that was reported before. The
 * progress of the new plan is then scaled to the range from that fraction to 1.
 *
 * <p>Example: 0.8 was reported, and the new plan starts at 0.2. When the plan has reached 0.6, it has done half of its
 * range from 0.2 to 1. The fraction is then 0.9, the middle of the range from 0.8 to 1.
 *
 * <p><b>The time remaining</b> follows from the speed of about the last {@value #WINDOW_SECONDS} s of sweeping at the
 * current pace. The clock stops during a hold, a time in which the sweep sends nothing. A hold shows nothing about the
 * speed, and further holds cannot be foreseen.
 *
 * <p>Used by the sweep's thread only.
 */
final class ProgressMeter {

    /** The time over which the speed is measured, s. */
    private static final int WINDOW_SECONDS = 30;

    private static final Duration WINDOW = Duration.ofSeconds(WINDOW_SECONDS);

    /** The shortest time between two samples of the fraction. */
    private static final Duration SAMPLE_EVERY = Duration.ofSeconds(1);

    /** The shortest time to measure the speed over; an estimate from less time would be too rough. */
    private static final Duration MIN_WINDOW = Duration.ofSeconds(2);

    /** The longest estimate that is returned. A longer one would only mean that the sweep hardly advances. */
    private static final Duration MAX_REMAINING = Duration.ofDays(365);

    /**
     * Records the fraction that was done at one time.
     *
     * @param elapsed the time since the run began, without holds
     * @param fraction the fraction done, 0 to 1
     */
    private record FractionAtTime(Duration elapsed, double fraction) {}

    private final Timing timing;

    /** When the run began, ns by {@link Timing#nanoTime}. */
    private final long runBeganAt;

    /** The fractions of the last {@value #WINDOW_SECONDS} s, the oldest first. */
    private final Deque<FractionAtTime> samples = new ArrayDeque<>();

    /** The total time of all holds that have ended. */
    private Duration totalHeld = Duration.ZERO;

    /** When the current hold began, ns by {@link Timing#nanoTime}. */
    private long holdBeganAt;

    private boolean isHolding;

    /** The fraction of the sweep that is done, as reported last, 0 to 1. */
    private double fraction;

    /** The part of the current plan that was covered when the plan was made, 0 to 1. */
    private double coveredAtPlanStart;

    /** The fraction of the sweep that was done when the current plan was made, 0 to 1. */
    private double fractionAtPlanStart;

    /**
     * Creates a meter for one run, which begins now.
     *
     * @param fraction the fraction reported last by an earlier run of this sweep, or 0
     */
    ProgressMeter(Timing timing, double fraction) {
        this.timing = timing;
        runBeganAt = timing.nanoTime().getAsLong();
        this.fraction = Math.clamp(fraction, 0.0, 1.0);
    }

    /**
     * Returns a listener that passes all events on to {@code listener}. It also stops the clock of this meter during
     * holds, and starts the measurement of the speed again when the pace is changed.
     */
    SweepListener observing(SweepListener listener) {
        return event -> {
            // HoldBegan is also sent when the reason of a hold changes.
            if (event instanceof SweepEvent.HoldBegan && !isHolding) {
                isHolding = true;
                holdBeganAt = timing.nanoTime().getAsLong();
            } else if (event instanceof SweepEvent.HoldEnded && isHolding) {
                isHolding = false;
                totalHeld = totalHeld.plus(timing.since(holdBeganAt));
            } else if (event instanceof SweepEvent.Retuned) {
                samples.clear();
            }
            listener.onEvent(event);
        };
    }

    /**
     * Starts measuring a plan. Must be called for each new plan of a run, including the first.
     *
     * @param covered how much of the plan is covered already, 0 to 1
     */
    void startPlan(double covered) {
        coveredAtPlanStart = covered;
        fractionAtPlanStart = fraction;
    }

    /**
     * Updates and returns the fraction of the sweep that is done, 0 to 1.
     *
     * @param covered how much of the plan is covered now, 0 to 1
     */
    double updateFraction(double covered) {
        // planDone is negative if the sweep went back to confirmed positions; clamp then returns the last fraction. A
        // plan that was covered from the start, such as one without databases, is treated as done.
        double planToDo = 1 - coveredAtPlanStart;
        double planDone = planToDo <= 0 ? 1 : (covered - coveredAtPlanStart) / planToDo;
        double scaledFraction = covered >= 1 ? 1 : fractionAtPlanStart + (1 - fractionAtPlanStart) * planDone;
        fraction = Math.clamp(scaledFraction, fraction, 1.0);
        return fraction;
    }

    /**
     * Estimates the remaining time at the latest speed, without holds; zero once everything is done. The estimate
     * starts from the fraction of the last {@link #updateFraction}. Each call records that fraction to measure the
     * speed, so the method must be called regularly while the sweep runs.
     *
     * @return null if less than 2 s were measured, if the fraction did not rise in that time, or if the result would be
     *     more than a year
     */
    @Nullable Duration remaining() {
        Duration elapsed =
                timing.since(runBeganAt).minus(totalHeld).minus(isHolding ? timing.since(holdBeganAt) : Duration.ZERO);
        updateSamples(elapsed);
        if (fraction >= 1) {
            return Duration.ZERO;
        }
        FractionAtTime oldest = samples.getFirst();
        Duration window = elapsed.minus(oldest.elapsed());
        double fractionGained = fraction - oldest.fraction();
        if (window.compareTo(MIN_WINDOW) < 0 || fractionGained <= 0) {
            return null;
        }
        double nanos = (1 - fraction) / fractionGained * window.toNanos();
        return nanos > MAX_REMAINING.toNanos() ? null : Duration.ofNanos(Math.round(nanos));
    }

    /** Adds a sample if the newest sample is at least a second old, and removes samples that are too old. */
    private void updateSamples(Duration elapsed) {
        FractionAtTime newest = samples.peekLast();
        if (newest == null || elapsed.minus(newest.elapsed()).compareTo(SAMPLE_EVERY) >= 0) {
            samples.addLast(new FractionAtTime(elapsed, fraction));
        }
        // The oldest sample is kept until the second sample spans the whole window; otherwise the window would be
        // shorter.
        while (samples.size() > 1 && spansWindow(secondSample(), elapsed)) {
            samples.removeFirst();
        }
    }

    private FractionAtTime secondSample() {
        return samples.stream().skip(1).findFirst().orElseThrow();
    }

    private static boolean spansWindow(FractionAtTime sample, Duration elapsed) {
        return elapsed.minus(sample.elapsed()).compareTo(WINDOW) >= 0;
    }
}
