package io.keysweep.cli.shell;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Converts the texts of options to durations of whole seconds, for values that the service takes in seconds.
 *
 * <p>The forms are the same as in {@link DurationConverter}. A duration with a fraction of a second, such as {@code
 * 500ms}, is refused, because the service would receive a different value than the user has given.
 */
public final class SecondsConverter implements ITypeConverter<Duration> {

    private final DurationConverter durations = new DurationConverter();

    @Override
    public Duration convert(String value) {
        Duration duration = durations.convert(value);
        if (!duration.equals(duration.truncatedTo(ChronoUnit.SECONDS))) {
            throw new TypeConversionException("must be a whole number of seconds, such as 30s");
        }
        return duration;
    }
}
