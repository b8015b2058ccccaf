package io.keysweep.engine.advice;

import io.keysweep.engine.advice.Advice.Action;
import io.keysweep.engine.advice.Advice.Option;
import io.keysweep.engine.insight.ExpiryCycle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Calculates the ways of dealing with dead keys on a server, with their backlogs and costs, for an {@link Advice}.
 *
 * <p>Dead keys have expired and still hold memory. The backlog is their number, and the inflow is the number of keys
 * that die in a second. Assist raises settings of a server for a while, so that the server itself removes more expired
 * keys.
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

    /** The value of the setting hz that is proposed if no effort alone is enough. */
    private static final int HIGHER_HZ = 100;

    /** The part of the main thread's time that a gentle sweep takes. */
    private static final double GENTLE_SHARE = 0.25;

    /** The time after which the backlog is estimated again if one sweep is advised. */
    private static final double DAYS_AFTER_FULL_SWEEP = 7;

    /** The intervals that are proposed, the longest first. */
    private static final List<Duration> INTERVALS =
            List.of(Duration.ofDays(1), Duration.ofHours(6), Duration.ofHours(1), Duration.ofMinutes(15));

    /** Returns all ways that are possible on the server; their order has no meaning. */
    List<Option> all() {
        List<Option> options = new ArrayList<>();
        // These ways leave the work to the server's own expiry.
        if (situation.cycleRuns()) {
            options.add(withOwnExpiry(situation.cycle(), Action.NOTHING, /* setting= */ null));
        }
        if (situation.cycleRuns() && situation.adjustable()) {
            smallestChangeOfSettings().ifPresent(options::add);
            if (situation.cycle().effort() < ExpiryCycle.MAX_EFFORT) {
                options.add(assistAtInterval());
            }
        }
        options.add(sweepAtInterval());
        options.add(fullSweep());
        return options;
    }

    /**
     * Returns the way that relies on the server's own expiry alone, with its current or with other settings.
     *
     * @param cycle the model of the server's own expiry with these settings
     * @param setting the changed settings, for the user; null for the current settings
     */
    private Option withOwnExpiry(ExpiryCycle cycle, Action action, @Nullable String setting) {
        double living = situation.living();
        double steadyBacklog = cycle.steadyBacklog(situation.inflow(), living);
        double backlogInADay = cycle.backlogAfter(
                (double) situation.dead(),
                situation.inflow() * SECONDS_PER_DAY,
                living,
                SECONDS_PER_DAY,
                /* efficiency= */ 1);
        double largestBacklog = Math.max(steadyBacklog, backlogInADay);
        double deadShare = living + backlogInADay > 0 ? backlogInADay / (living + backlogInADay) : 0;
        double additionalShare = action == Action.NOTHING
                ? 0
                : cycle.serverShare(deadShare) - situation.cycle().serverShare(deadShare);
        return new Option(
                action,
                Double.isInfinite(largestBacklog) ? null : Long.valueOf(Math.round(largestBacklog)),
                Math.max(0, additionalShare) * SECONDS_PER_DAY,
                setting,
                /* interval= */ null,
                largestBacklog <= situation.toleratedBacklog());
    }

    /** Returns the way with the smallest change of settings that is good enough; empty if no change is. */
    private Optional<Option> smallestChangeOfSettings() {
        ExpiryCycle cycle = situation.cycle();
        for (int effort = cycle.effort() + 1; effort <= ExpiryCycle.MAX_EFFORT; effort++) {
            Option option = withOwnExpiry(
                    ExpiryCycle.withEffort(cycle.hz(), effort), Action.SETTING, "active-expire-effort " + effort);
            if (option.enough()) {
                return Optional.of(option);
            }
        }
        if (cycle.hz() >= HIGHER_HZ) {
            return Optional.empty();
        }
        Option option = withOwnExpiry(
                ExpiryCycle.withEffort(HIGHER_HZ, ExpiryCycle.MAX_EFFORT),
                Action.SETTING,
                "active-expire-effort " + ExpiryCycle.MAX_EFFORT + ", hz " + HIGHER_HZ);
        return option.enough() ? Optional.of(option) : Optional.empty();
    }

    /** Returns the way that runs assist at an interval. */
    private Option assistAtInterval() {
        double backlogLeft = situation.volatileKeys() * PART_LEFT_BY_ASSIST;
        Duration interval = chooseInterval(backlogLeft, /* runSeconds= */ 0);
        double largestBacklog = backlogLeft + situation.inflow() * interval.toSeconds();
        return new Option(
                Action.ASSIST,
                Math.round(largestBacklog),
                situation.volatileKeys() * ASSIST_SECONDS_PER_KEY * SECONDS_PER_DAY / interval.toSeconds(),
                /* setting= */ null,
                interval,
                largestBacklog <= situation.toleratedBacklog());
    }

    /** Returns the way that sweeps at an interval. */
    private Option sweepAtInterval() {
        double busySeconds = sweepSeconds();
        double runSeconds = busySeconds / GENTLE_SHARE;
        Duration interval = chooseInterval(/* backlogLeft= */ 0, runSeconds);
        double largestBacklog = situation.inflow() * (interval.toSeconds() + runSeconds);
        return new Option(
                Action.PASSES,
                Math.round(largestBacklog),
                busySeconds * SECONDS_PER_DAY / interval.toSeconds(),
                /* setting= */ null,
                interval,
                largestBacklog <= situation.toleratedBacklog());
    }

    /** Returns the way that sweeps once. */
    private Option fullSweep() {
        double largestBacklog = situation.inflow() * DAYS_AFTER_FULL_SWEEP * SECONDS_PER_DAY;
        return new Option(
                Action.FULL_SWEEP,
                Math.round(largestBacklog),
                sweepSeconds() / DAYS_AFTER_FULL_SWEEP,
                /* setting= */ null,
                /* interval= */ null,
                largestBacklog <= situation.toleratedBacklog());
    }

    /** Returns the main thread's time in seconds that one sweep takes. */
    private double sweepSeconds() {
        return situation.keys() * situation.microsPerKey() / 1e6;
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
