package io.keysweep.api.text;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes lines of comma-separated values (RFC 4180), which no spreadsheet takes for formulas. */
public final class CsvLine {

    /**
     * Matches the beginning of what spreadsheets take for a formula, or skip before one. Some also read the wide forms
     * of the four signs.
     */
    private static final Pattern FORMULA = Pattern.compile("[=+\\-@\\t\\r\\n\uFF1D\uFF0B\uFF0D\uFF20]");

    /**
     * Matches what needs quotes. In some countries, spreadsheets separate fields by semicolons or tabs, so that a
     * formula could begin after one.
     */
    private static final Pattern QUOTED = Pattern.compile("[,;\"\\t\\r\\n]");

    private CsvLine() {}

    /**
     * Returns the values as one line, without a line break at the end. The elements may be null.
     *
     * @param values a {@link Number} is written as it is, any other value as {@link #field} says
     */
    public static String of(List<? extends @Nullable Object> values) {
        return values.stream().map(CsvLine::field).collect(Collectors.joining(","));
    }

    /**
     * Returns a value as a field: empty if it is null, in quotes if it contains a separator, quote or line break. A
     * text that a spreadsheet would take for a formula gets an apostrophe in front, because names come from users. A
     * number gets none: {@code -5} is no formula.
     */
    static String field(@Nullable Object value) {
        String text = value == null ? "" : value.toString();
        if (!(value instanceof Number) && FORMULA.matcher(text).lookingAt()) {
            text = "'" + text;
        }
        return QUOTED.matcher(text).find() ? "\"" + text.replace("\"", "\"\"") + "\"" : text;
    }
}
