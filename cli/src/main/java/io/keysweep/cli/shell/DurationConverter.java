package io.keysweep.cli.shell;

import io.keysweep.api.text.DurationText;
import java.time.Duration;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Converts the texts of options to durations above 0 and up to 36,500 days.
 *
 * <p>The forms are those of {@link DurationText}, which the web console reads too: {@code 500ms}, {@code 30s}, {@code
 * 1h30m}, {@code 2 days}, and ISO 8601 such as {@code PT1H30M}. A number without a unit is refused, because options
 * have such different units that a reader could take it for another one.
 *
 * <p>Any other text is refused with a {@link TypeConversionException}, whose message is the rule; the user sees it with
 * the name of the option and the value.
 */
public final class DurationConverter implements ITypeConverter<Duration> {

    /** The longest time, about a hundred years. It is far above any use, and all receivers can hold it. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private static final Pattern NUMBER_WITHOUT_UNIT = Pattern.compile("\\s*\\d*\\s*");

    @Override
    public Duration convert(String value) {
        if (NUMBER_WITHOUT_UNIT.matcher(value).matches()) {
            throw refused();
        }
        Duration duration = DurationText.parse(value).orElseThrow(DurationConverter::refused);
        if (duration.isZero()) {
            throw new TypeConversionException("must be above 0, such as 30s");
        }
        if (duration.compareTo(LONGEST) > 0) {
            throw new TypeConversionException("must be at most " + LONGEST.toDays() + "d");
        }
        return duration;
    }

    private static TypeConversionException refused() {
        return new TypeConversionException("must be a duration such as 500ms, 30s, 1h30m, 2 days or PT1H30M");
    }
}
