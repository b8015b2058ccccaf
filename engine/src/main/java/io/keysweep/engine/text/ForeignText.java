package io.keysweep.engine.text;

import java.text.Normalizer;
import java.util.Locale;
import java.util.function.IntPredicate;

/**
 * Makes text from servers and users harmless to show in messages, in logs, on a terminal and on web pages.
 *
 * <p>A name, a reason or a server's reply can contain line breaks that forge a log line, escape codes that control a
 * terminal, or marks that show text in a different order than it has. These characters are replaced by their escapes in
 * JSON, for example {@code \}{@code u001b}. Escaping a JSON document therefore does not change its meaning. HTML is not
 * escaped; the templates of web pages do that. Lengths are in UTF-16 units of the result.
 *
 * <p>Three methods cut a text that is too long:
 *
 * <ul>
 * <li>{@link #excerpt(String, int)} escapes, cuts after a number of characters, and then appends "…"
 * <li>{@link #lineWithin} escapes, and cuts so that the result has a number of characters, with the "…"
 * <li>{@link #beginning} only cuts; it neither escapes nor appends "…"
 * </ul>
 */
public final class ForeignText {

    /** The length in characters to which {@link #excerpt(String)} and {@link #quote} cut a text. */
    private static final int EXCERPT_LENGTH = 120;

    /** A format mark that joins emoji, and letters of some scripts. It is harmless. */
    private static final int ZERO_WIDTH_JOINER = 0x200D;

    /** A format mark that separates letters of some scripts. It is harmless. */
    private static final int ZERO_WIDTH_NON_JOINER = 0x200C;

    private static final int MAX_ASCII = 0x7F;

    /** Memory for the escapes of a short text, in characters, so that the buffer rarely grows. */
    private static final int RESERVE_FOR_ESCAPES = 16;

    private ForeignText() {}

    /** Escapes everything that is not printable, line breaks and tabs included, so that the result is one line. */
    public static String line(String text) {
        return escapeUnlessKept(text, Integer.MAX_VALUE, ForeignText::isPrintable);
    }

    /** Escapes everything that is neither printable nor a line break or a tab, for texts of several lines. */
    public static String lines(String text) {
        return escapeUnlessKept(text, Integer.MAX_VALUE, c -> c == '\n' || c == '\t' || isPrintable(c));
    }

    /** Escapes a text with {@link #line}; if the result is longer than 120 characters, cuts it and appends "…". */
    public static String excerpt(String text) {
        return excerpt(text, EXCERPT_LENGTH);
    }

    /**
     * Escapes a text with {@link #line}, and cuts the result if it is too long, but never within an escape.
     *
     * @param maxLength the largest number of characters, not counting the "…" that follows a cut
     */
    public static String excerpt(String text, int maxLength) {
        return escapeUnlessKept(text, maxLength, ForeignText::isPrintable);
    }

    /**
     * Escapes a text with {@link #line}, for a place that holds a certain number of characters. If the result is
     * longer, cuts it, but never within an escape, and ends it with "…".
     *
     * @param maxLength the largest length of the result, with the "…"
     */
    public static String lineWithin(String text, int maxLength) {
        String line = line(text);
        return line.length() <= maxLength ? line : excerpt(text, maxLength - 1);
    }

    /**
     * Returns a text that is cut if it is too long, but never between the two halves of a surrogate pair. Databases and
     * encoders refuse or replace such a half. Escapes nothing.
     *
     * @param maxLength the largest length of the result, at least 1
     */
    public static String beginning(String text, int maxLength) {
        if (text.length() <= maxLength) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(maxLength - 1)) ? maxLength - 1 : maxLength);
    }

    /**
     * Returns an {@link #excerpt(String)} in quotes, for example {@code "HTTP/1.1 400 Bad Request\r\n"}. A quote or
     * backslash in the text is escaped, so that the reader sees where the text ends. Double quotes are for texts of
     * servers; values of the user are between single quotes.
     */
    public static String quote(String text) {
        return '"' + escapeUnlessKept(text, EXCERPT_LENGTH, c -> c != '"' && c != '\\' && isPrintable(c)) + '"';
    }

    /** Returns whether a text has printable characters only, and so would not be changed by {@link #line}. */
    public static boolean isPrintable(String text) {
        return text.codePoints().allMatch(ForeignText::isPrintable);
    }

    /**
     * Returns whether a text can be the name of something. A name is printable, has a visible character, and is in
     * Unicode's composed form (NFC). It has no joiner after an ASCII character, since that joiner would be invisible.
     * This keeps two names from looking alike although one has an invisible character.
     */
    public static boolean isName(String text) {
        int previous = 0;
        for (int c : text.codePoints().toArray()) {
            if (isJoiner(c) && previous <= MAX_ASCII) {
                return false;
            }
            previous = c;
        }
        return isPrintable(text)
                && !text.codePoints().allMatch(c -> Character.isWhitespace(c) || Character.isSpaceChar(c))
                && Normalizer.isNormalized(text, Normalizer.Form.NFC);
    }

    /**
     * Returns whether a character is harmless. These are not harmless: control characters, line breaks, halves of
     * surrogate pairs, invisible characters, and format marks (for example for the direction of text) except the two
     * joiners.
     */
    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE ->
                false;
            case Character.FORMAT -> isJoiner(c);
            default -> !isInvisible(c);
        };
    }

    private static boolean isJoiner(int c) {
        return c == ZERO_WIDTH_JOINER || c == ZERO_WIDTH_NON_JOINER;
    }

    /**
     * Returns whether a character that Java classifies as a letter, a mark or a symbol shows nothing. Such characters
     * are the fillers of Korean and Khmer, the grapheme joiner, the empty Braille pattern, and the variation selectors
     * of Mongolian and of rare character variants. The sixteen variation selectors that emoji use are not treated as
     * invisible.
     */
    private static boolean isInvisible(int c) {
        return switch (c) {
            case 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180F, 0x2800, 0x3164, 0xFFA0 -> true;
            default -> c >= 0xE0100 && c <= 0xE01EF;
        };
    }

    /**
     * Escapes the characters that {@code isKept} does not accept, and cuts the text before it exceeds {@code
     * maxLength}.
     */
    private static String escapeUnlessKept(String text, int maxLength, IntPredicate isKept) {
        if (text.length() <= maxLength && text.codePoints().allMatch(isKept)) {
            return text;
        }
        StringBuilder result = new StringBuilder(Math.min(text.length(), maxLength) + RESERVE_FOR_ESCAPES);
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            String part = isKept.test(c) ? Character.toString(c) : escape(c);
            if (result.length() + part.length() > maxLength) {
                return result.append('…').toString();
            }
            result.append(part);
            i += Character.charCount(c);
        }
        return result.toString();
    }

    /** Returns the escape of a character in JSON, for example {@code \n}. */
    private static String escape(int c) {
        return switch (c) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            default -> {
                StringBuilder escapes = new StringBuilder();
                for (char unit : Character.toChars(c)) {
                    escapes.append(String.format(Locale.ROOT, "\\u%04x", (int) unit));
                }
                yield escapes.toString();
            }
        };
    }
}
