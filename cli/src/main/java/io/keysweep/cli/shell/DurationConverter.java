package io.keysweep.cli.shell;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Converts the texts of options to durations above 0 and up to 36,500 days.
 *
 * <p>The forms are {@code 500ms}, {@code 30s}, {@code 5m}, {@code 2h}, {@code 1d}, and ISO 8601 such as {@code
 * PT1H30M}.
 *
 * <p>Upper and lower case are equal. Any other text is refused with a {@link TypeConversionException}, whose message
 * is the rule; the user sees it with the name of the option and the value.
 */
public final class DurationConverter implements ITypeConverter<Duration> {

    private static final Pattern SHORT_FORM = Pattern.compile("(\\d{1,18})(ms|s|m|h|d)");

    /** The longest time, about a hundred years. It is far above any use, and all receivers can hold it. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    /**
     * A larger number is converted as this one, because a duration cannot hold every number of days. Even as
     * milliseconds, this number is above the longest time, so it is refused.
     */
    private static final long MAX_AMOUNT = LONGEST.toMillis() + 1;

    @Override
    public Duration convert(String value) {
        Duration duration = parse(value.strip());
        if (duration.isNegative() || duration.isZero()) {
            throw new TypeConversionException("must be above 0, such as 30s");
        }
        if (duration.compareTo(LONGEST) > 0) {
            throw new TypeConversionException("must be at most " + LONGEST.toDays() + "d");
        }
        return duration;
    }

    private static Duration parse(String value) {
        Matcher shortForm = SHORT_FORM.matcher(value.toLowerCase(Locale.ROOT));
        if (shortForm.matches()) {
            long amount = Math.min(Long.parseLong(shortForm.group(1)), MAX_AMOUNT);
            return switch (shortForm.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                default -> Duration.ofDays(amount);
            };
        }
        try {
            return Duration.parse(value);
        } catch (DateTimeParseException e) {
            throw new TypeConversionException("must be a time such as 500ms, 30s, 5m, 2h, 1d or PT1H30M");
        }
    }
}
