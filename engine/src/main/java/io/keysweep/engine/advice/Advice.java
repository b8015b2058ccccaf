package io.keysweep.engine.advice;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Recommends the cheapest way to deal with the dead keys of a server, and lists the expected backlog of each way.
 *
 * <p>An {@link Option} is one way: an {@link AdvisedAction} with its figures. Dead keys have expired and still hold memory;
 * the backlog is their number. A way is good enough if it keeps the backlog below 2 % of all keys, or below 1,000 keys.
 * The advice is the way that is good enough and takes the least of the server's time; doing nothing is one of the ways.
 * If no way is good enough, the advice is the way with the smallest backlog. {@link AdviceOptions} calculates the ways.
 *
 * @param action the way that is advised
 * @param sentence the advice in words, for the user
 * @param basis how sure the figures are, in words: which of them follow from measurements, and which from assumptions
 * @param toleratedBacklog the largest number of dead keys that is acceptable
 * @param inflowPerSecond the number of keys that die per second and that no client removes; null if it was not
 *     measured. The advice then assumes that no more keys die, and considers only the current backlog
 * @param settingsRefused whether at least one server refuses CONFIG or does not report the settings of its own expiry.
 *     The advice then assumes their defaults, and only the provider can change them
 * @param expiryOff whether at least one server seems to have its expiry switched off, because it has removed no key
 *     although many are dead
 * @param options all possible ways, the cheapest first
 */
public record Advice(
        AdvisedAction action,
        String sentence,
        String basis,
        long toleratedBacklog,
        @Nullable Double inflowPerSecond,
        boolean settingsRefused,
        boolean expiryOff,
        List<Option> options) {

    /** Names the ways of dealing with dead keys. */
    public enum AdvisedAction {
        /** Do nothing: the server's own expiry is fast enough, or there are too few dead keys to matter. */
        NOTHING,
        /** Change the server's settings for its own expiry permanently. */
        SETTING,
        /**
         * Run assist at regular intervals: raise settings for a while each time, so that the server itself removes more
         * expired keys.
         */
        ASSIST,
        /**
         * Keep assist on all the time. The service does this for an instance that has a backlog target and allows
         * assist; it also sweeps the instance now and then.
         */
        CONTINUOUS_ASSIST,
        /** Sweep at regular intervals. */
        PASSES,
        /** Sweep without a break. The service does this for an instance that has a backlog target. */
        CONTINUOUS_PASSES,
        /** Sweep once; the backlog is estimated again after a week. */
        FULL_SWEEP
    }

    /**
     * Describes one way of dealing with dead keys.
     *
     * @param action the way
     * @param expectedBacklog the largest number of dead keys to expect at any moment; null if it grows without end
     * @param serverSecondsPerDay the main thread's time in seconds that the way takes each day
     * @param longestPauseMillis the longest time in ms for which the way keeps the main thread busy without a break, so
     *     that all clients wait; freeing one very large value can take longer. Null if it depends on settings that are
     *     unknown
     * @param setting for {@code SETTING}, the settings, such as {@code active-expire-effort 4}; otherwise null
     * @param interval for {@code ASSIST} and {@code PASSES}, the time from one start to the next; otherwise null
     * @param enough whether the way is good enough: the backlog stays within the tolerated number of dead keys
     */
    public record Option(
            AdvisedAction action,
            @Nullable Long expectedBacklog,
            double serverSecondsPerDay,
            @Nullable Double longestPauseMillis,
            @Nullable String setting,
            @Nullable Duration interval,
            boolean enough) {}

    private static final int MINUTES_PER_DAY = 24 * 60;

    /** The order of ways: first the ways that are good enough, by cost, then the others, by backlog. */
    private static final Comparator<Option> ENOUGH_AND_CHEAPEST_FIRST = Comparator.comparing(
                    (Option option) -> !option.enough())
            .thenComparingDouble(option -> option.enough() ? option.serverSecondsPerDay() : worstBacklog(option))
            .thenComparing(Option::action);

    /** The sentence that follows the advice for a server whose own expiry does not run. */
    private static final String EXPIRY_OFF = " The server's own expiry seems to be switched off (DEBUG"
            + " SET-ACTIVE-EXPIRE 0): it has removed no key, although many are dead.";

    /** The sentence that follows the advice for several servers if at least one server's own expiry does not run. */
    private static final String EXPIRY_OFF_SOMEWHERE = " The own expiry of at least one server seems to be switched off"
            + " (DEBUG SET-ACTIVE-EXPIRE 0): it has removed no key, although many are dead.";

    public Advice {
        options = List.copyOf(options);
    }

    /** Returns the expected backlog, or a huge number if the backlog grows without end. */
    private static double worstBacklog(Option option) {
        Long backlog = option.expectedBacklog();
        return backlog == null ? Double.MAX_VALUE : backlog;
    }

    /** Returns the advice for one server. */
    public static Advice of(ExpirySituation situation) {
        Advice advice = cheapest(
                new AdviceOptions(situation).all(),
                situation.toleratedBacklog(),
                situation.inflowPerSecond(),
                situation.settings() == SettingsAccess.REFUSED);
        return situation.cycleRuns() ? advice : advice.withExpiryOff(EXPIRY_OFF);
    }

    /** Returns this advice with a note that at least one server's own expiry does not run. */
    private Advice withExpiryOff(String note) {
        return new Advice(
                action,
                sentence + note,
                basis,
                toleratedBacklog,
                inflowPerSecond,
                settingsRefused,
                /* expiryOff= */ true,
                options);
    }

    /**
     * Returns the advice for all servers of a deployment together: backlogs and costs are added up. A way is possible
     * only if it is possible on each server.
     */
    public static Advice ofAll(List<Advice> advices) {
        if (advices.size() == 1) {
            return advices.getFirst();
        }
        Map<AdvisedAction, List<Option>> byAction = new EnumMap<>(AdvisedAction.class);
        advices.forEach(advice ->
                advice.options.forEach(option -> byAction.computeIfAbsent(option.action, action -> new ArrayList<>())
                        .add(option)));
        List<Option> options = byAction.values().stream()
                .filter(parts -> parts.size() == advices.size())
                .map(Advice::sum)
                .toList();
        Advice advice = cheapest(
                options,
                advices.stream().mapToLong(Advice::toleratedBacklog).sum(),
                totalInflow(advices),
                advices.stream().anyMatch(Advice::settingsRefused));
        return advices.stream().anyMatch(Advice::expiryOff) ? advice.withExpiryOff(EXPIRY_OFF_SOMEWHERE) : advice;
    }

    /** Returns the inflow of all servers together; null if it is unknown for one of them. */
    private static @Nullable Double totalInflow(List<Advice> advices) {
        double total = 0;
        for (Advice advice : advices) {
            Double inflow = advice.inflowPerSecond;
            if (inflow == null) {
                return null;
            }
            total += inflow;
        }
        return total;
    }

    /** Combines the same way on each server into one way for all servers. */
    private static Option sum(List<Option> parts) {
        boolean isBounded = parts.stream().noneMatch(part -> part.expectedBacklog == null);
        boolean isPauseKnown = parts.stream().noneMatch(part -> part.longestPauseMillis == null);
        return new Option(
                parts.getFirst().action,
                isBounded
                        ? Long.valueOf(parts.stream()
                                .mapToLong(part -> Math.round(worstBacklog(part)))
                                .sum())
                        : null,
                parts.stream().mapToDouble(Option::serverSecondsPerDay).sum(),
                isPauseKnown
                        ? parts.stream()
                                .map(Option::longestPauseMillis)
                                .filter(Objects::nonNull)
                                .max(Comparator.naturalOrder())
                                .orElse(null)
                        : null,
                // The highest settings and the shortest interval are enough for each server.
                parts.stream()
                        .map(Option::setting)
                        .filter(Objects::nonNull)
                        .map(RaisedExpiry::parse)
                        .reduce(RaisedExpiry::max)
                        .map(RaisedExpiry::text)
                        .orElse(null),
                parts.stream()
                        .map(Option::interval)
                        .filter(Objects::nonNull)
                        .min(Comparator.naturalOrder())
                        .orElse(null),
                parts.stream().allMatch(Option::enough));
    }

    /** Returns the advice for the best option, the first option by {@link #ENOUGH_AND_CHEAPEST_FIRST}. */
    private static Advice cheapest(
            List<Option> options, long tolerated, @Nullable Double inflowPerSecond, boolean settingsRefused) {
        List<Option> sortedOptions =
                options.stream().sorted(ENOUGH_AND_CHEAPEST_FIRST).toList();
        return new Advice(
                sortedOptions.getFirst().action,
                sentence(sortedOptions.getFirst(), tolerated, inflowPerSecond != null, settingsRefused),
                basis(inflowPerSecond, settingsRefused),
                tolerated,
                inflowPerSecond,
                settingsRefused,
                /* expiryOff= */ false,
                sortedOptions);
    }

    private static String sentence(Option option, long tolerated, boolean inflowKnown, boolean settingsRefused) {
        String adviceText = switch (option.action) {
            case NOTHING -> doNothingText(option.enough, inflowKnown);
            case SETTING ->
                settingsRefused
                        ? "Ask the provider to set " + option.setting
                                + ", because the server does not report its settings: the server's own expiry is then"
                                + " enough, and cheaper than sweeps."
                        : "Set " + option.setting
                                + ": the server's own expiry is then enough, and cheaper than sweeps.";
            case ASSIST ->
                "Run 'keysweep sweep --assist-only' every " + intervalText(option.interval)
                        + ": it visits only the keys with a TTL.";
            case CONTINUOUS_ASSIST ->
                String.format(
                        Locale.ROOT,
                        "Allow assist in the service, and set a backlog target of %,d: the server's own expiry then"
                                + " works harder all the time.",
                        tolerated);
            case PASSES -> "Sweep every " + intervalText(option.interval) + ".";
            case CONTINUOUS_PASSES ->
                String.format(
                        Locale.ROOT,
                        "Set a backlog target of %,d in the service: it then sweeps without a break.",
                        tolerated);
            case FULL_SWEEP ->
                inflowKnown
                        ? "Sweep once: the backlog does not come back within a week."
                        : "Sweep once, and estimate again after a week.";
        };
        return adviceText
                + (option.enough
                        ? ""
                        : " Of all ways compared, it leaves the fewest dead keys, but more than are tolerated.");
    }

    /** Returns how sure the figures are, for the user. */
    private static String basis(@Nullable Double inflowPerSecond, boolean settingsRefused) {
        String aboutInflow = inflowPerSecond == null
                ? "The figures of the ways rest on an assumption: no more keys die. Only the present backlog counts,"
                        + " because nobody has measured how many keys die; 'keysweep estimate --ttl' measures it."
                : String.format(
                        Locale.ROOT,
                        "The figures of the ways rest on a measurement: by the TTLs of a sample, about %s keys die per"
                                + " second that no client removes. Backlogs that the server's own expiry leaves are"
                                + " right within a factor of three.",
                        rateText(inflowPerSecond));
        return aboutInflow
                + (settingsRefused
                        ? " The settings of the server's own expiry are unknown, so their defaults are assumed."
                        : "");
    }

    /** Returns a number per second, with two decimals if it is below 10. */
    private static String rateText(double perSecond) {
        return String.format(Locale.ROOT, perSecond < 10 ? "%.2f" : "%,.0f", perSecond);
    }

    /**
     * Returns the text of the advice to do nothing. If the inflow is unknown, it is also unknown whether the server's
     * own expiry is fast enough.
     */
    private static String doNothingText(boolean enough, boolean inflowKnown) {
        if (!enough) {
            return "Leave the keys to the server: its own expiry leaves the smallest backlog.";
        }
        return inflowKnown
                ? "You do not need Keysweep here: the server keeps up by itself."
                : "You do not need Keysweep now, as long as the server's own expiry runs: it leaves few of the keys"
                        + " that are dead.";
    }

    /** Returns an interval for the user in one unit, as the command line and the console show it: {@code 1 d}. */
    private static String intervalText(@Nullable Duration interval) {
        if (interval == null) {
            return "now and then";
        }
        long minutes = Math.max(1, interval.toMinutes());
        if (minutes % MINUTES_PER_DAY == 0) {
            return String.format(Locale.ROOT, "%d d", minutes / MINUTES_PER_DAY);
        }
        return minutes % 60 == 0
                ? String.format(Locale.ROOT, "%d h", minutes / 60)
                : String.format(Locale.ROOT, "%d min", minutes);
    }
}
