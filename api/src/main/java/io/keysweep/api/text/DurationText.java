package io.keysweep.api.text;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads and writes durations as people write them: {@code 1 d}, {@code 1h30m}, {@code 2 hours}, {@code 500ms}.
 *
 * <p>The fields of the web console and the options of the command line accept these forms, and ISO 8601 such as {@code
 * PT1H30M}. Upper and lower case are equal. A number without a unit, if it is the only one, is in seconds.
 */
public final class DurationText {

    /** The rule for a field with a duration, as messages state it. */
    public static final String RULE = "a duration such as 12 h, 1 d or 90 min";

    /** The length of each unit in milliseconds, by each of the names that it may have. */
    private static final Map<String, Long> MILLISECONDS = Map.ofEntries(
            Map.entry("ms", 1L),
            Map.entry("millisecond", 1L),
            Map.entry("milliseconds", 1L),
            Map.entry("毫秒", 1L),
            Map.entry("", 1_000L),
            Map.entry("s", 1_000L),
            Map.entry("sec", 1_000L),
            Map.entry("second", 1_000L),
            Map.entry("seconds", 1_000L),
            Map.entry("秒", 1_000L),
            Map.entry("m", 60_000L),
            Map.entry("min", 60_000L),
            Map.entry("minute", 60_000L),
            Map.entry("minutes", 60_000L),
            Map.entry("分钟", 60_000L),
            Map.entry("h", 3_600_000L),
            Map.entry("hour", 3_600_000L),
            Map.entry("hours", 3_600_000L),
            Map.entry("小时", 3_600_000L),
            Map.entry("d", 86_400_000L),
            Map.entry("day", 86_400_000L),
            Map.entry("days", 86_400_000L),
            Map.entry("天", 86_400_000L),
            Map.entry("w", 604_800_000L),
            Map.entry("week", 604_800_000L),
            Map.entry("weeks", 604_800_000L),
            Map.entry("周", 604_800_000L));

    /** The beginning of a duration in the form of ISO 8601, such as PT1H30M; its parts are read by the JDK. */
    private static final Pattern ISO = Pattern.compile("[+-]?p.*");

    /** A number of at most 9 digits, so that no sum can overflow, and its unit. */
    private static final Pattern PART = Pattern.compile("\\s*([0-9]{1,9})\\s*(\\p{L}*)\\s*");

    private DurationText() {}

    /**
     * Reads a duration. Returns empty if the text is not a duration, if it has the same unit twice, or if a number
     * beside others has no unit, as in {@code 1h30}.
     */
    public static Optional<Duration> parse(String text) {
        String form = text.strip().toLowerCase(Locale.ROOT);
        return ISO.matcher(form).matches() ? parseIso(form) : parseParts(form);
    }

    /** Reads a duration in the form of ISO 8601. Returns empty if it is negative, because no other form can be. */
    private static Optional<Duration> parseIso(String form) {
        try {
            return Optional.of(Duration.parse(form)).filter(duration -> !duration.isNegative());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** Reads numbers with units, such as {@code 1h30m}. */
    private static Optional<Duration> parseParts(String form) {
        Matcher part = PART.matcher(form);
        List<Long> units = new ArrayList<>();
        long milliseconds = 0;
        int end = 0;
        while (end < part.regionEnd() && part.find() && part.start() == end) {
            Long unit = MILLISECONDS.get(part.group(2));
            // A number without a unit is unclear unless it is the only number.
            boolean isUnclear = part.group(2).isEmpty() && (!units.isEmpty() || part.end() < part.regionEnd());
            if (unit == null || units.contains(unit) || isUnclear) {
                return Optional.empty();
            }
            units.add(unit);
            milliseconds += Long.parseLong(part.group(1)) * unit;
            end = part.end();
        }
        return units.isEmpty() || end < part.regionEnd()
                ? Optional.empty()
                : Optional.of(Duration.ofMillis(milliseconds));
    }

    /** Writes a duration exactly, so that {@link #parse} reads the same; parts of a millisecond are cut off. */
    public static String of(Duration duration) {
        List<String> parts = new ArrayList<>();
        add(parts, duration.toDays(), "d");
        add(parts, duration.toHoursPart(), "h");
        add(parts, duration.toMinutesPart(), "min");
        add(parts, duration.toSecondsPart(), "s");
        add(parts, duration.toMillisPart(), "ms");
        return parts.isEmpty() ? "0 s" : String.join(" ", parts);
    }

    private static void add(List<String> parts, long number, String unit) {
        if (number > 0) {
            parts.add(number + " " + unit);
        }
    }
}
