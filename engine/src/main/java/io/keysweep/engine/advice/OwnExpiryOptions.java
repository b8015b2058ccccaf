package io.keysweep.engine.advice;

import io.keysweep.engine.advice.Advice.AdvisedAction;
import io.keysweep.engine.advice.Advice.Option;
import io.keysweep.engine.insight.ExpiryCycle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Calculates the options that leave dead keys to the server's own expiry, with its present or with other settings.
 *
 * <p>Dead keys have expired and still hold memory. The backlog is their number, and the inflow is the number of keys
 * that die in a second.
 *
 * @param situation the measurements on the server, whose own expiry runs
 */
record OwnExpiryOptions(ExpirySituation situation) {

    /**
     * If at least this part of the keys with a TTL is dead, each cycle of the server's own expiry removes many of them:
     * hundreds of keys per second.
     */
    private static final double DEAD_PART_THAT_CYCLES_CLEAR = 0.25;

    /**
     * The value of the setting hz that is proposed if the current value is not enough, or makes pauses too long. The
     * documentation of Redis advises against higher values.
     */
    private static final int HIGHER_HZ = 100;

    /** The main thread's time in seconds for each further period of {@code hz}, as measured on an idle server. */
    private static final double SECONDS_PER_PERIOD = 20e-6;

    /** The longest pause in ms that a raised effort may cause at the current {@code hz}. */
    private static final double MAX_PAUSE_MILLIS = 5;

    /** Returns all options that are possible on the server; their order has no meaning. */
    List<Option> all() {
        List<Option> options = new ArrayList<>();
        options.add(withOwnExpiry(situation.cycle(), AdvisedAction.NOTHING, /* setting= */ null));
        if (situation.settings() != SettingsAccess.MISSING) {
            smallestChangeOfSettings().ifPresent(options::add);
        }
        return options;
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

    /**
     * Returns the option to rely on the server's own expiry alone, with its current or with other settings.
     *
     * @param cycle the model of the server's own expiry with these settings
     * @param setting the changed settings, for the user; null for the current settings
     */
    private Option withOwnExpiry(ExpiryCycle cycle, AdvisedAction action, @Nullable String setting) {
        double living = situation.living();
        double inflow = action == AdvisedAction.SETTING && mayStayDead() ? inflowOfSteadyBacklog() : situation.inflow();
        double largestBacklog = cycle.steadyBacklog(inflow / situation.efficiency(), living);
        // If the cycle needs longer than a day to reach all keys, it does not remove all keys that are dead now.
        if (cycle.secondsToCheckAll(largestBacklog, living) / situation.efficiency() > AdviceOptions.SECONDS_PER_DAY) {
            // The inflow lasts for a day only if as many keys are written as die.
            double dyingInADay = situation.inflow() * AdviceOptions.SECONDS_PER_DAY;
            double backlogInADay = cycle.backlogAfter(
                    (double) situation.dead(),
                    new ExpiryCycle.Period(dyingInADay, living, living, AdviceOptions.SECONDS_PER_DAY),
                    situation.efficiency());
            largestBacklog = Math.max(largestBacklog, backlogInADay);
        }
        if (action == AdvisedAction.NOTHING && mayStayDead()) {
            largestBacklog = Math.max(largestBacklog, (double) situation.dead());
        }
        boolean isPauseKnown = action != AdvisedAction.NOTHING || situation.settings() != SettingsAccess.REFUSED;
        return new Option(
                action,
                Double.isInfinite(largestBacklog) ? null : Long.valueOf(Math.round(largestBacklog)),
                action == AdvisedAction.NOTHING
                        ? 0
                        : additionalShare(cycle, largestBacklog) * AdviceOptions.SECONDS_PER_DAY,
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
}
