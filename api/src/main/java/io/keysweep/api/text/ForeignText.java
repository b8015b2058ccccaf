package io.keysweep.api.text;

import java.util.Locale;
import java.util.function.IntPredicate;

/**
 * Makes text from elsewhere harmless where a person reads it: in logs, on a terminal and on pages of the console.
 *
 * <p>A name, a reason or the error of a server can contain line breaks that forge a log line, escape codes that control
 * a terminal, or marks that show text in another order than it has. Such characters are shown by their escapes in JSON,
 * for example {@code \}{@code u001b}, so JSON in which they occur keeps its meaning.
 */
public final class ForeignText {

    /** Joins emoji, and letters of some scripts; it is as harmless as the letters themselves. */
    private static final int ZERO_WIDTH_JOINER = 0x200D;

    private static final int ZERO_WIDTH_NON_JOINER = 0x200C;

    private ForeignText() {}

    /** Escapes everything that is not printable, line breaks and tabs included, so that the result is one line. */
    public static String line(String text) {
        return escaped(text, ForeignText::isPrintable);
    }

    /** Escapes everything that is neither printable nor a line break or a tab, for texts of several lines. */
    public static String lines(String text) {
        return escaped(text, c -> c == '\n' || c == '\t' || isPrintable(c));
    }

    /** Returns whether a text has printable characters only, and so would not be changed by {@link #line}. */
    public static boolean isPrintable(String text) {
        return text.codePoints().allMatch(ForeignText::isPrintable);
    }

    /** Returns whether a character is no control, no mark for the direction of text, and no break of lines. */
    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE ->
                false;
            case Character.FORMAT -> c == ZERO_WIDTH_JOINER || c == ZERO_WIDTH_NON_JOINER;
            default -> true;
        };
    }

    private static String escaped(String text, IntPredicate keep) {
        if (text.codePoints().allMatch(keep)) {
            return text;
        }
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            if (keep.test(c)) {
                escaped.appendCodePoint(c);
            } else {
                appendEscape(escaped, c);
            }
        });
        return escaped.toString();
    }

    private static void appendEscape(StringBuilder to, int c) {
        switch (c) {
            case '\n' -> to.append("\\n");
            case '\r' -> to.append("\\r");
            case '\t' -> to.append("\\t");
            default -> {
                for (char unit : Character.toChars(c)) {
                    to.append(String.format(Locale.ROOT, "\\u%04x", (int) unit));
                }
            }
        }
    }
}
