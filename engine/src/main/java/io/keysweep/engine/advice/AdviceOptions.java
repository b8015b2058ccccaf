package io.keysweep.engine.advice;

import io.keysweep.engine.advice.Advice.AdvisedAction;
import io.keysweep.engine.advice.Advice.Option;
import io.keysweep.engine.insight.ExpiryCycle;
import io.keysweep.engine.pacing.PacePolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Calculates the options for dealing with dead keys on a server, with their backlogs and costs, for an {@link Advice}.
 *
 * <p>Dead keys have expired and still hold memory. The backlog is their number, and the inflow is the number of keys
 * that die in a second. Assist raises settings of a server for a while, so that the server itself removes more expired
 * keys. A pass is a whole scan that the service starts to keep a backlog target. {@link OwnExpiryOptions} calculates the
 * options without assist and without sweeps.
 *
 * @param situation the measurements on the server
 */
record AdviceOptions(ExpirySituation situation) {

    static final double SECONDS_PER_DAY = Duration.ofDays(1).toSeconds();

    /**
     * The main thread's time in seconds that assist takes for each key with a TTL, as measured on Redis 7.0 and 8.0.
     */
    private static final double ASSIST_SECONDS_PER_KEY = 2e-6;

    /** The part of the keys with a TTL that are still dead after assist. */
    private static final double PART_LEFT_BY_ASSIST = 0.01;

    /** The server's own expiry with the settings that assist sets. */
    private static final ExpiryCycle ASSISTED_CYCLE =
            ExpiryCycle.withEffort(/* hz= */ 500, /* effort= */ ExpiryCycle.MAX_EFFORT);

    /** The part of the main thread's time that assist takes while there is nothing to remove, as measured. */
    private static final double IDLE_ASSIST_SHARE = 0.012;

    /**
     * The main thread's time in seconds that continuous assist takes for each dead key. With 5,000 such keys a second,
     * {@code ./dev/bench starvation} has measured 12 µs on Redis 7.0, 17 µs on Redis 8.0 and 19 µs on Valkey 9.
     */
    private static final double CONTINUOUS_ASSIST_SECONDS_PER_KEY = 19e-6;

    /** The time after which the service interrupts continuous assist by a sweep. */
    private static final Duration TIME_BETWEEN_SWEEPS = Duration.ofMinutes(30);

    /** The part of the main thread's time that a gentle sweep takes. */
    private static final double GENTLE_SHARE = PacePolicy.GENTLE.shareCeiling();

    /** The longest time of a step of a gentle sweep, in ms. */
    private static final double GENTLE_PAUSE_MILLIS =
            PacePolicy.GENTLE.stallBudget().toNanos() / 1e6;

    /** The lowest share of the main thread's time that the service gives to passes for a backlog target. */
    private static final double MIN_PASS_SHARE = 0.02;

    /** The part of a backlog target at which the service aims. */
    private static final double AIMED_PART_OF_TARGET = 0.75;

    /** The time after which the backlog is estimated again if one sweep is advised. */
    private static final double DAYS_AFTER_FULL_SWEEP = 7;

    /** The intervals that are proposed, the longest first. */
    private static final List<Duration> INTERVALS =
            List.of(Duration.ofDays(1), Duration.ofHours(6), Duration.ofHours(1), Duration.ofMinutes(15));

    /** Returns all options that are possible on the server; their order has no meaning. */
    List<Option> all() {
        List<Option> options = new ArrayList<>();
        if (situation.cycleRuns()) {
            options.addAll(new OwnExpiryOptions(situation).all());
        }
        // Assist is refused if the server does not report its settings, or if there is nothing to raise.
        if (situation.cycleRuns() && situation.settings() == SettingsAccess.REPORTED && canAssistRaiseSettings()) {
            options.add(assistAtInterval());
            options.add(continuousAssist());
        }
        options.add(sweepAtInterval());
        options.add(continuousSweeps());
        options.add(fullSweep());
        return options.stream().map(this::withPossibleBacklog).toList();
    }

    /**
     * Returns the option with at most as many dead keys as there are keys with a TTL. An inflow that lasts for a week
     * can add up to more keys than there are; the option is then still not good enough.
     */
    private Option withPossibleBacklog(Option option) {
        Long backlog = option.expectedBacklog();
        if (backlog == null || backlog <= situation.volatileKeys()) {
            return option;
        }
        return new Option(
                option.action(),
                situation.volatileKeys(),
                option.serverSecondsPerDay(),
                option.longestPauseMillis(),
                option.setting(),
                option.interval(),
                option.enough());
    }

    /**
     * Returns whether assist would raise {@code hz} or {@code active-expire-effort}: at least one of them is below the
     * value that assist sets.
     */
    private boolean canAssistRaiseSettings() {
        ExpiryCycle cycle = situation.cycle();
        return cycle.effort() < ASSISTED_CYCLE.effort() || cycle.hz() < ASSISTED_CYCLE.hz();
    }

    /** Returns the option to run assist at an interval. */
    private Option assistAtInterval() {
        double backlogLeft = situation.volatileKeys() * PART_LEFT_BY_ASSIST;
        Duration interval = chooseInterval(backlogLeft, /* runSeconds= */ 0);
        double largestBacklog = backlogLeft + situation.inflow() * interval.toSeconds();
        return new Option(
                AdvisedAction.ASSIST,
                Math.round(largestBacklog),
                situation.volatileKeys() * ASSIST_SECONDS_PER_KEY * SECONDS_PER_DAY / interval.toSeconds(),
                ASSISTED_CYCLE.longestPauseMillis(),
                /* setting= */ null,
                interval,
                largestBacklog <= situation.toleratedBacklog());
    }

    /**
     * Returns the option to keep assist on for a backlog target. The service interrupts assist by a sweep now and then.
     * During the sweep, the server's own expiry hardly works.
     */
    private Option continuousAssist() {
        double inflow = situation.inflow();
        double assistedBacklog = ASSISTED_CYCLE.steadyBacklog(inflow / situation.efficiency(), situation.living());
        double largestBacklog = largestBacklogOfSweep(assistedBacklog);
        double share = Math.max(IDLE_ASSIST_SHARE, inflow * CONTINUOUS_ASSIST_SECONDS_PER_KEY)
                + steadySweepSeconds() / TIME_BETWEEN_SWEEPS.toSeconds();
        return new Option(
                AdvisedAction.CONTINUOUS_ASSIST,
                Double.isInfinite(largestBacklog) ? null : Long.valueOf(Math.round(largestBacklog)),
                Math.min(1, share) * SECONDS_PER_DAY,
                ASSISTED_CYCLE.longestPauseMillis(),
                /* setting= */ null,
                /* interval= */ null,
                largestBacklog <= situation.toleratedBacklog());
    }

    /**
     * Returns the largest backlog during a gentle sweep. When the part x of the keys is visited, the backlog is {@code
     * before} × (1 − x) + I × (x − x² / 2), where I keys die during the sweep. If I is at most {@code before}, this is
     * largest at x = 0. Otherwise it is largest at x = 1 − {@code before} / I, with the value (I + {@code before}² / I)
     * / 2.
     *
     * @param before the backlog at the beginning of the sweep
     */
    private double largestBacklogOfSweep(double before) {
        double dyingMeanwhile = situation.inflow() * steadySweepSeconds() / GENTLE_SHARE;
        return dyingMeanwhile <= before ? before : (dyingMeanwhile + before * before / dyingMeanwhile) / 2;
    }

    /** Returns the option to sweep at an interval. */
    private Option sweepAtInterval() {
        double busySeconds = sweepSeconds();
        double runSeconds = busySeconds / GENTLE_SHARE;
        Duration interval = chooseInterval(/* backlogLeft= */ 0, runSeconds);
        double largestBacklog = situation.inflow() * (interval.toSeconds() + runSeconds);
        return new Option(
                AdvisedAction.PASSES,
                Math.round(largestBacklog),
                busySeconds * SECONDS_PER_DAY / interval.toSeconds(),
                GENTLE_PAUSE_MILLIS,
                /* setting= */ null,
                interval,
                largestBacklog <= situation.toleratedBacklog());
    }

    /**
     * Returns the option to sweep without a break for a backlog target. It chooses the share of the main thread's time
     * as {@code PassPlan} does in the service. A sweep of length T keeps the backlog at inflow × T / 2: on average, a
     * key was visited half of a sweep ago.
     */
    private Option continuousSweeps() {
        double inflow = situation.inflow();
        double busySeconds = steadySweepSeconds();
        double sufficientShare = inflow * busySeconds / (2 * AIMED_PART_OF_TARGET * situation.toleratedBacklog());
        double share = Math.clamp(sufficientShare, MIN_PASS_SHARE, GENTLE_SHARE);
        double largestBacklog = inflow * busySeconds / share / 2;
        return new Option(
                AdvisedAction.CONTINUOUS_PASSES,
                Math.round(largestBacklog),
                share * SECONDS_PER_DAY,
                GENTLE_PAUSE_MILLIS,
                /* setting= */ null,
                /* interval= */ null,
                largestBacklog <= situation.toleratedBacklog());
    }

    /** Returns the option to sweep once. Its backlog is the backlog after 7 days, when it is estimated again. */
    private Option fullSweep() {
        double largestBacklog = situation.inflow() * DAYS_AFTER_FULL_SWEEP * SECONDS_PER_DAY;
        return new Option(
                AdvisedAction.FULL_SWEEP,
                Math.round(largestBacklog),
                sweepSeconds() / DAYS_AFTER_FULL_SWEEP,
                GENTLE_PAUSE_MILLIS,
                /* setting= */ null,
                /* interval= */ null,
                largestBacklog <= situation.toleratedBacklog());
    }

    /** Returns the main thread's time in seconds that one sweep takes. */
    private double sweepSeconds() {
        return situation.keys() * situation.microsPerKey() / 1e6;
    }

    /** Returns the main thread's time in seconds that one sweep takes once the keys that are dead now are removed. */
    private double steadySweepSeconds() {
        return (situation.keys() - situation.dead()) * situation.microsPerKey() / 1e6;
    }

    /**
     * Returns the longest proposed interval with which the backlog stays tolerable, or otherwise the shortest proposed
     * interval. The result is at least twice the duration of one run (a sweep, or one assist).
     *
     * @param backlogLeft the number of dead keys that a run leaves
     * @param runSeconds the duration of a run in seconds
     */
    private Duration chooseInterval(double backlogLeft, double runSeconds) {
        Duration minInterval = Duration.ofSeconds((long) Math.ceil(2 * runSeconds));
        for (Duration interval : INTERVALS) {
            double largestBacklog = backlogLeft + situation.inflow() * (interval.toSeconds() + runSeconds);
            if (largestBacklog <= situation.toleratedBacklog() && interval.compareTo(minInterval) >= 0) {
                return interval;
            }
        }
        Duration shortestInterval = INTERVALS.getLast();
        return shortestInterval.compareTo(minInterval) >= 0 ? shortestInterval : minInterval;
    }
}
