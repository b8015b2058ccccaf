package io.keysweep.engine.advice;

import io.keysweep.engine.advice.Advice.AdvisedAction;
import io.keysweep.engine.advice.Advice.Option;
import io.keysweep.engine.insight.ExpiryCycle;
import io.keysweep.engine.pacing.PacePolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Calculates the options for dealing with dead keys on a server, with their backlogs and costs, for an {@link Advice}.
 *
 * <p>Dead keys have expired and still hold memory. The backlog is their number, and the inflow is the number of keys
 * that die in a second. Assist raises settings of a server for a while, so that the server itself removes more expired
 * keys. A pass is a whole scan that the service starts to keep a backlog target.
 *
 * @param situation the measurements on the server
 */
record AdviceOptions(ExpirySituation situation) {

    private static final double SECONDS_PER_DAY = Duration.ofDays(1).toSeconds();

    /**
     * The main thread's time in seconds that assist takes for each key with a TTL, as measured on Redis 7.0 and 8.0.
     */
    private static final double ASSIST_SECONDS_PER_KEY = 2e-6;

    /** The part of the keys with a TTL that are still dead after assist. */
    private static final double PART_LEFT_BY_ASSIST = 0.01;

    /**
     * If at least this part of the keys with a TTL is dead, each cycle of the server's own expiry removes many of them:
     * hundreds of keys per second.
     */
    private static final double DEAD_PART_THAT_CYCLES_CLEAR = 0.25;

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

    /**
     * The value of the setting hz that is proposed if the current value is not enough, or makes pauses too long. The
     * documentation of Redis advises against higher values.
     */
    private static final int HIGHER_HZ = 100;

    /** The main thread's time in seconds for each further period of {@code hz}, as measured on an idle server. */
    private static final double SECONDS_PER_PERIOD = 20e-6;

    /** The longest pause in ms that a raised effort may cause at the current {@code hz}. */
    private static final double MAX_PAUSE_MILLIS = 5;

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
        // These options leave the work to the server's own expiry.
        if (situation.cycleRuns()) {
            options.add(withOwnExpiry(situation.cycle(), AdvisedAction.NOTHING, /* setting= */ null));
        }
        if (situation.cycleRuns() && situation.settings() != SettingsAccess.MISSING) {
            smallestChangeOfSettings().ifPresent(options::add);
        }
        // Assist is refused if the server does not report its settings, or if there is nothing to raise.
        if (situation.cycleRuns() && situation.settings() == SettingsAccess.REPORTED && canAssistRaiseSettings()) {
            options.add(assistAtInterval());
            options.add(continuousAssist());
        }
        options.add(sweepAtInterval());
        options.add(continuousSweeps());
        options.add(fullSweep());
        return options;
    }

    /**
     * Returns whether assist would raise {@code hz} or {@code active-expire-effort}: at least one of them is below the
     * value that assist sets.
     */
    private boolean canAssistRaiseSettings() {
        ExpiryCycle cycle = situation.cycle();
        return cycle.effort() < ASSISTED_CYCLE.effort() || cycle.hz() < ASSISTED_CYCLE.hz();
    }

    /**
     * Returns the option to rely on the server's own expiry alone, with its current or with other settings.
     *
     * @param cycle the model of the server's own expiry with these settings
     * @param setting the changed settings, for the user; null for the current settings
     */
    private Option withOwnExpiry(ExpiryCycle cycle, AdvisedAction action, @Nullable String setting) {
        double living = situation.living();
        double inflow = action == AdvisedAction.SETTING && mayStayDead() ? inflowOfSteadyBacklog() : situation.inflow();
        double largestBacklog = cycle.steadyBacklog(inflow, living);
        // If the cycle needs longer than a day to reach all keys, it does not remove all keys that are dead now.
        if (cycle.secondsToCheckAll(largestBacklog, living) > SECONDS_PER_DAY) {
            double backlogInADay = cycle.backlogAfter(
                    (double) situation.dead(),
                    situation.inflow() * SECONDS_PER_DAY,
                    living,
                    SECONDS_PER_DAY,
                    /* efficiency= */ 1);
            largestBacklog = Math.max(largestBacklog, backlogInADay);
        }
        if (action == AdvisedAction.NOTHING && mayStayDead()) {
            largestBacklog = Math.max(largestBacklog, (double) situation.dead());
        }
        boolean isPauseKnown = action != AdvisedAction.NOTHING || situation.settings() != SettingsAccess.REFUSED;
        return new Option(
                action,
                Double.isInfinite(largestBacklog) ? null : Long.valueOf(Math.round(largestBacklog)),
                action == AdvisedAction.NOTHING ? 0 : additionalShare(cycle, largestBacklog) * SECONDS_PER_DAY,
                isPauseKnown ? Double.valueOf(cycle.longestPauseMillis()) : null,
                setting,
                /* interval= */ null,
                largestBacklog <= situation.toleratedBacklog());
    }

    /**
     * Returns whether the number of dead keys perhaps stays as it is without a change. This is so if the inflow is
     * unknown: the present backlog can be the one that the server's own expiry always leaves. If so many keys are dead
     * that each cycle removes many of them, the backlog falls.
     */
    private boolean mayStayDead() {
        return situation.inflowPerSecond() == null
                && situation.dead() < DEAD_PART_THAT_CYCLES_CLEAR * situation.volatileKeys();
    }

    /**
     * Returns the number of keys that die per second if the present backlog is the one that the server's own expiry
     * always leaves: as many as it removes of this backlog.
     */
    private double inflowOfSteadyBacklog() {
        double deadShare = (double) situation.dead() / situation.volatileKeys();
        // A cycle in the order of the table checks the keys that have waited longest, so twice as many of them are
        // dead.
        double checkedDeadShare = situation.cycle().inOrder() ? Math.min(1, 2 * deadShare) : deadShare;
        return situation.cycle().removedPerSecond(checkedDeadShare);
    }

    /**
     * Returns the part of the main thread's time that the server's own expiry takes with other settings, in addition to
     * what it takes now; at least 0.
     */
    private double additionalShare(ExpiryCycle cycle, double backlog) {
        double keys = situation.living() + backlog;
        double deadShare = keys > 0 && !Double.isInfinite(keys) ? backlog / keys : 0;
        double additionalShare = cycle.serverShare(deadShare)
                - situation.cycle().serverShare(deadShare)
                + (cycle.hz() - situation.cycle().hz()) * SECONDS_PER_PERIOD;
        return Math.max(0, additionalShare);
    }

    /**
     * Returns the option with the smallest change of settings that is good enough; empty if no change is. If a higher
     * effort would make the pauses too long, {@code hz} is raised, too, because it makes them shorter.
     */
    private Optional<Option> smallestChangeOfSettings() {
        ExpiryCycle cycle = situation.cycle();
        // The advice for several servers has the highest hz of all, which must not be lower than the present one here.
        int hzToKeep = cycle.hz() > HIGHER_HZ ? cycle.hz() : 0;
        for (int effort = cycle.effort() + 1; effort <= ExpiryCycle.MAX_EFFORT; effort++) {
            ExpiryCycle atCurrentHz = ExpiryCycle.withEffort(cycle.hz(), effort);
            Option option = atCurrentHz.longestPauseMillis() <= MAX_PAUSE_MILLIS
                    ? withOwnExpiry(atCurrentHz, AdvisedAction.SETTING, new RaisedExpiry(effort, hzToKeep).text())
                    : withHigherHz(effort);
            if (option.enough()) {
                return Optional.of(option);
            }
        }
        return cycle.hz() >= HIGHER_HZ
                ? Optional.empty()
                : Optional.of(withHigherHz(ExpiryCycle.MAX_EFFORT)).filter(Option::enough);
    }

    /** Returns the option to raise {@code hz}, and the effort to this value. */
    private Option withHigherHz(int effort) {
        return withOwnExpiry(
                ExpiryCycle.withEffort(HIGHER_HZ, effort),
                AdvisedAction.SETTING,
                new RaisedExpiry(effort, HIGHER_HZ).text());
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
        double assistedBacklog = ASSISTED_CYCLE.steadyBacklog(inflow, situation.living());
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
