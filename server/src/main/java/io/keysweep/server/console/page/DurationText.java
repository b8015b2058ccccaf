package io.keysweep.server.console.page;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads and writes durations in forms as people write them: {@code 1 d}, {@code 12 h 30 min}, {@code 2 hours}, {@code
 * 90s}. A number without a unit, if it is the only one, is in seconds.
 */
public final class DurationText {

    /** The rule for a field with a duration, as messages state it. */
    public static final String RULE = "a duration such as 12 h, 1 d or 90 min";

    /** The length of each unit in seconds, by each of the names that it may have. */
    private static final Map<String, Long> SECONDS = Map.ofEntries(
            Map.entry("", 1L),
            Map.entry("s", 1L),
            Map.entry("sec", 1L),
            Map.entry("second", 1L),
            Map.entry("seconds", 1L),
            Map.entry("秒", 1L),
            Map.entry("m", 60L),
            Map.entry("min", 60L),
            Map.entry("minute", 60L),
            Map.entry("minutes", 60L),
            Map.entry("分钟", 60L),
            Map.entry("h", 3600L),
            Map.entry("hour", 3600L),
            Map.entry("hours", 3600L),
            Map.entry("小时", 3600L),
            Map.entry("d", 86_400L),
            Map.entry("day", 86_400L),
            Map.entry("days", 86_400L),
            Map.entry("天", 86_400L),
            Map.entry("w", 604_800L),
            Map.entry("week", 604_800L),
            Map.entry("weeks", 604_800L),
            Map.entry("周", 604_800L));

    /** A number of at most 9 digits, so that no sum can overflow, and its unit. */
    private static final Pattern PART = Pattern.compile("\\s*([0-9]{1,9})\\s*(\\p{L}*)\\s*");

    private DurationText() {}

    /**
     * Reads a duration. Returns empty if the text is not a duration, if it has the same unit twice, or if a number
     * beside others has no unit, as in {@code 1h30}.
     */
    public static Optional<Duration> parse(String text) {
        Matcher part = PART.matcher(text.strip().toLowerCase(Locale.ROOT));
        List<Long> units = new ArrayList<>();
        long seconds = 0;
        int end = 0;
        while (end < part.regionEnd() && part.find() && part.start() == end) {
            Long unit = SECONDS.get(part.group(2));
            // A number without a unit is unclear unless it is the only number.
            boolean isUnclear = part.group(2).isEmpty() && (!units.isEmpty() || part.end() < part.regionEnd());
            if (unit == null || units.contains(unit) || isUnclear) {
                return Optional.empty();
            }
            units.add(unit);
            seconds += Long.parseLong(part.group(1)) * unit;
            end = part.end();
        }
        return units.isEmpty() || end < part.regionEnd() ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds));
    }

    /** Writes a duration exactly, so that {@link #parse} reads the same; parts of a second are cut off. */
    public static String of(Duration duration) {
        List<String> parts = new ArrayList<>();
        add(parts, duration.toDays(), "d");
        add(parts, duration.toHoursPart(), "h");
        add(parts, duration.toMinutesPart(), "min");
        add(parts, duration.toSecondsPart(), "s");
        return parts.isEmpty() ? "0 s" : String.join(" ", parts);
    }

    private static void add(List<String> parts, long number, String unit) {
        if (number > 0) {
            parts.add(number + " " + unit);
        }
    }
}
