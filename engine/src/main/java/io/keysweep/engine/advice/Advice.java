package io.keysweep.engine.advice;

import io.keysweep.engine.insight.ExpiryCycle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says which way of dealing with dead keys is the cheapest on a server, with the expected backlog of each way.
 *
 * <p>A way is good enough if it keeps the backlog below 2 % of all keys (or 1,000 keys). Of those that are, the
 * cheapest in the server's own time is advised; doing nothing is one of them. If none is, the advice is the one with
 * the smallest backlog.
 *
 * @param action the way that is advised
 * @param sentence the advice in words
 * @param toleratedBacklog the number of dead keys that is good enough
 * @param inflowKnown whether it was measured how many keys die; if not, only the present backlog counts
 * @param options all possible ways, the cheapest first
 */
public record Advice(Action action, String sentence, long toleratedBacklog, boolean inflowKnown, List<Option> options) {

    /** Names the ways of dealing with dead keys. */
    public enum Action {
        /** Nothing: the server keeps up by itself, or too little is dead to matter. */
        NOTHING,
        /** A lasting change of the server's settings for its own expiry. */
        SETTING,
        /** The server's own expiry, driven harder for a while again and again. */
        ASSIST,
        /** Sweeps at an interval. */
        PASSES,
        /** A single sweep is enough; the backlog is estimated again after a week. */
        FULL_SWEEP
    }

    /**
     * Describes one way.
     *
     * @param action the way
     * @param expectedBacklog the dead keys to expect with it at the worst moment; null if they become more and more
     * @param serverSecondsPerDay the main thread's time that it takes each day, s
     * @param setting for {@code SETTING}, the settings, such as {@code active-expire-effort 4}; otherwise null
     * @param interval for {@code ASSIST} and {@code PASSES}, the time from one start to the next; otherwise null
     * @param enough whether the backlog stays below what is tolerated
     */
    public record Option(
            Action action,
            @Nullable Long expectedBacklog,
            double serverSecondsPerDay,
            @Nullable String setting,
            @Nullable Duration interval,
            boolean enough) {}

    private static final double DAY = Duration.ofDays(1).toSeconds();

    /** The main thread's time of assist for each key with a TTL, as measured on Redis 7.0 and 8.0, s. */
    private static final double ASSIST_SECONDS_PER_KEY = 2e-6;

    /** The dead part of the keys with a TTL that assist leaves. */
    private static final double ASSIST_LEAVES = 0.01;

    /** The value of hz that is proposed where no effort is enough. */
    private static final int HIGHER_HZ = 100;

    /** The part of the main thread's time that a gentle sweep takes. */
    private static final double GENTLE_SHARE = 0.25;

    /** The intervals that are proposed, the longest first. */
    private static final List<Duration> INTERVALS =
            List.of(Duration.ofDays(1), Duration.ofHours(6), Duration.ofHours(1), Duration.ofMinutes(15));

    private static final Comparator<Option> ENOUGH_AND_CHEAPEST_FIRST = Comparator.comparing(
                    (Option option) -> !option.enough())
            .thenComparingDouble(option -> option.enough() ? option.serverSecondsPerDay() : worst(option))
            .thenComparing(Option::action);

    public Advice {
        options = List.copyOf(options);
    }

    private static double worst(Option option) {
        Long backlog = option.expectedBacklog();
        return backlog == null ? Double.MAX_VALUE : backlog;
    }

    /** Returns the advice for one server. */
    public static Advice of(ExpirySituation situation) {
        List<Option> options = new ArrayList<>();
        options.add(withCycle(situation, situation.cycle(), Action.NOTHING, /* setting= */ null));
        if (situation.adjustable()) {
            setting(situation).ifPresent(options::add);
            if (situation.cycle().effort() < ExpiryCycle.MAX_EFFORT) {
                options.add(assist(situation));
            }
        }
        options.add(passes(situation));
        options.add(fullSweep(situation));
        return cheapest(options, situation.tolerated(), situation.inflowPerSecond() != null);
    }

    /**
     * Returns the advice for all servers of a deployment together: backlogs and costs are added up, and a way is
     * possible if it is on each server.
     */
    public static Advice ofAll(List<Advice> advices) {
        if (advices.size() == 1) {
            return advices.getFirst();
        }
        Map<Action, List<Option>> byAction = new EnumMap<>(Action.class);
        advices.forEach(advice ->
                advice.options.forEach(option -> byAction.computeIfAbsent(option.action, action -> new ArrayList<>())
                        .add(option)));
        List<Option> options = byAction.values().stream()
                .filter(parts -> parts.size() == advices.size())
                .map(Advice::sum)
                .toList();
        return cheapest(
                options,
                advices.stream().mapToLong(Advice::toleratedBacklog).sum(),
                advices.stream().allMatch(Advice::inflowKnown));
    }

    private static Option sum(List<Option> parts) {
        boolean bounded = parts.stream().noneMatch(part -> part.expectedBacklog == null);
        return new Option(
                parts.getFirst().action,
                bounded
                        ? Long.valueOf(parts.stream()
                                .mapToLong(part -> Math.round(worst(part)))
                                .sum())
                        : null,
                parts.stream().mapToDouble(Option::serverSecondsPerDay).sum(),
                // The highest setting and the shortest interval are enough for each server.
                parts.stream()
                        .max(Comparator.comparingDouble(Option::serverSecondsPerDay))
                        .map(Option::setting)
                        .orElse(null),
                parts.stream()
                        .map(Option::interval)
                        .filter(Objects::nonNull)
                        .min(Comparator.naturalOrder())
                        .orElse(null),
                parts.stream().allMatch(Option::enough));
    }

    private static Advice cheapest(List<Option> options, long tolerated, boolean inflowKnown) {
        List<Option> sorted = options.stream().sorted(ENOUGH_AND_CHEAPEST_FIRST).toList();
        return new Advice(
                sorted.getFirst().action, sentence(sorted.getFirst(), inflowKnown), tolerated, inflowKnown, sorted);
    }

    private static Option withCycle(
            ExpirySituation situation, ExpiryCycle cycle, Action action, @Nullable String setting) {
        double living = situation.living();
        double steady = cycle.steadyBacklog(situation.inflow(), living);
        double dead = situation.dead();
        double inADay = cycle.backlogAfter(dead, situation.inflow() * DAY, living, DAY, /* efficiency= */ 1);
        double worst = Math.max(steady, inADay);
        double share = living + inADay > 0 ? inADay / (living + inADay) : 0;
        double cost = action == Action.NOTHING
                ? 0
                : cycle.serverShare(share) - situation.cycle().serverShare(share);
        return new Option(
                action,
                Double.isInfinite(worst) ? null : Long.valueOf(Math.round(worst)),
                Math.max(0, cost) * DAY,
                setting,
                /* interval= */ null,
                worst <= situation.tolerated());
    }

    /** Returns the least raised settings that are enough; empty if none are. */
    private static Optional<Option> setting(ExpirySituation situation) {
        ExpiryCycle cycle = situation.cycle();
        for (int effort = cycle.effort() + 1; effort <= ExpiryCycle.MAX_EFFORT; effort++) {
            Option option = withCycle(
                    situation,
                    ExpiryCycle.withEffort(cycle.hz(), effort),
                    Action.SETTING,
                    "active-expire-effort " + effort);
            if (option.enough()) {
                return Optional.of(option);
            }
        }
        if (cycle.hz() >= HIGHER_HZ) {
            return Optional.empty();
        }
        Option option = withCycle(
                situation,
                ExpiryCycle.withEffort(HIGHER_HZ, ExpiryCycle.MAX_EFFORT),
                Action.SETTING,
                "active-expire-effort " + ExpiryCycle.MAX_EFFORT + ", hz " + HIGHER_HZ);
        return option.enough() ? Optional.of(option) : Optional.empty();
    }

    private static Option assist(ExpirySituation situation) {
        double left = situation.volatileKeys() * ASSIST_LEAVES;
        Duration interval = interval(situation, left, /* durationSeconds= */ 0);
        double worst = left + situation.inflow() * interval.toSeconds();
        return new Option(
                Action.ASSIST,
                Math.round(worst),
                situation.volatileKeys() * ASSIST_SECONDS_PER_KEY * DAY / interval.toSeconds(),
                /* setting= */ null,
                interval,
                worst <= situation.tolerated());
    }

    private static Option passes(ExpirySituation situation) {
        double busySeconds = situation.keys() * situation.microsPerKey() / 1e6;
        double duration = busySeconds / GENTLE_SHARE;
        Duration interval = interval(situation, /* left= */ 0, duration);
        double worst = situation.inflow() * (interval.toSeconds() + duration);
        return new Option(
                Action.PASSES,
                Math.round(worst),
                busySeconds * DAY / interval.toSeconds(),
                /* setting= */ null,
                interval,
                worst <= situation.tolerated());
    }

    private static Option fullSweep(ExpirySituation situation) {
        double days = 7;
        double worst = situation.inflow() * days * DAY;
        return new Option(
                Action.FULL_SWEEP,
                Math.round(worst),
                situation.keys() * situation.microsPerKey() / 1e6 / days,
                /* setting= */ null,
                /* interval= */ null,
                worst <= situation.tolerated());
    }

    /** Returns the longest interval with which the backlog stays tolerable; at least twice the duration of a pass. */
    private static Duration interval(ExpirySituation situation, double left, double durationSeconds) {
        Duration least = Duration.ofSeconds((long) Math.ceil(2 * durationSeconds));
        for (Duration interval : INTERVALS) {
            double worst = left + situation.inflow() * (interval.toSeconds() + durationSeconds);
            if (worst <= situation.tolerated() && interval.compareTo(least) >= 0) {
                return interval;
            }
        }
        Duration shortest = INTERVALS.getLast();
        return shortest.compareTo(least) >= 0 ? shortest : least;
    }

    private static String sentence(Option option, boolean inflowKnown) {
        String what = switch (option.action) {
            case NOTHING -> "You do not need Keysweep here: the server keeps up by itself.";
            case SETTING ->
                "Set " + option.setting + ": the server's own expiry is then enough, and cheaper than sweeps.";
            case ASSIST ->
                "Run 'keysweep sweep --assist-only' every " + text(option.interval)
                        + ": it visits only the keys with a TTL.";
            case PASSES -> "Sweep every " + text(option.interval) + ".";
            case FULL_SWEEP ->
                inflowKnown
                        ? "Sweep once: the backlog does not come back within a week."
                        : "Sweep once, and estimate again after a week.";
        };
        String enough = option.enough ? "" : " It is the best there is, but more keys die than it can remove in time.";
        String unknown = inflowKnown
                ? ""
                : " How many keys die is not known, so only the present backlog counts;"
                        + " 'keysweep estimate --ttl' measures it.";
        return what + enough + unknown;
    }

    private static String text(@Nullable Duration interval) {
        if (interval == null) {
            return "now and then";
        }
        long minutes = Math.max(1, interval.toMinutes());
        return minutes % 60 == 0
                ? String.format(Locale.ROOT, "%d h", minutes / 60)
                : String.format(Locale.ROOT, "%d min", minutes);
    }
}
