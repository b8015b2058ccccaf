package io.keysweep.cli.output;

import io.keysweep.api.text.Amounts;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Formats the value of one column of one entry: for people in tables, and for programs in CSV. */
final class Cell {

    private static final String NOTHING = "-";

    private Cell() {}

    /**
     * Returns the value as people read it. It is {@code 1,234} for a {@link Long}, {@code 50 %} for a {@link Fraction},
     * {@code yes} for true, a time without fractions of a second, and {@code -} for null or an empty value. Any other
     * value is written by {@link #raw}.
     */
    static String text(@Nullable Object value) {
        return switch (value) {
            case null -> NOTHING;
            case Long number -> Amounts.count(number);
            case Fraction fraction -> Amounts.percent(fraction.value());
            case Boolean truth -> truth ? "yes" : "no";
            case Instant instant -> instant.truncatedTo(ChronoUnit.SECONDS).toString();
            case Collection<?> parts when parts.isEmpty() -> NOTHING;
            case Map<?, ?> parts when parts.isEmpty() -> NOTHING;
            default -> raw(value).isEmpty() ? NOTHING : raw(value);
        };
    }

    /**
     * Returns the value as programs read it: {@code 1234}, {@code 0.5}, {@code true}; an empty text for null. Blanks
     * separate the elements of a collection, and the entries {@code key=value} of a map.
     */
    static String raw(@Nullable Object value) {
        return switch (value) {
            case null -> "";
            case Fraction fraction -> String.valueOf(fraction.value());
            case Collection<?> parts -> parts.stream().map(String::valueOf).collect(Collectors.joining(" "));
            case Map<?, ?> parts ->
                parts.entrySet().stream()
                        .map(part -> part.getKey() + "=" + part.getValue())
                        .collect(Collectors.joining(" "));
            default -> value.toString();
        };
    }

    /** Returns whether the values of a column are aligned at the right, as numbers are. */
    static boolean isNumber(@Nullable Object value) {
        return value instanceof Number || value instanceof Fraction;
    }
}
