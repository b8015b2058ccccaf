package io.keysweep.api.text;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes lines of comma-separated values (RFC 4180) in which no field is run as a formula by a spreadsheet program.
 */
public final class CsvLine {

    /**
     * Matches the first character of a field that a spreadsheet may run as a formula. These are {@code = + - @}, and
     * tabs and line breaks, which spreadsheets skip before a formula. Some spreadsheets also accept the full-width
     * forms of the four signs, such as U+FF1D.
     */
    private static final Pattern FORMULA = Pattern.compile("[=+\\-@\\t\\r\\n\uFF1D\uFF0B\uFF0D\uFF20]");

    /**
     * Matches the characters that need quotes around the field. Semicolons and tabs are among them, because
     * spreadsheets separate fields by these in some countries, and a formula could begin after one.
     */
    private static final Pattern QUOTED = Pattern.compile("[,;\"\\t\\r\\n]");

    private CsvLine() {}

    /**
     * Returns the values as one line, without a line break at the end. The elements may be null.
     *
     * @param values the values; {@link #field} says how each is written
     */
    public static String of(List<? extends @Nullable Object> values) {
        return values.stream().map(CsvLine::field).collect(Collectors.joining(","));
    }

    /**
     * Returns a value as a field: empty if it is null, in quotes if it contains a separator, quote or line break. A
     * text that a spreadsheet would take for a formula gets an apostrophe in front, because names come from users. A
     * number gets none, because {@code -5} can only be a number.
     */
    static String field(@Nullable Object value) {
        String text = value == null ? "" : value.toString();
        if (!(value instanceof Number) && FORMULA.matcher(text).lookingAt()) {
            text = "'" + text;
        }
        return QUOTED.matcher(text).find() ? "\"" + text.replace("\"", "\"\"") + "\"" : text;
    }
}
