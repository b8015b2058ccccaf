package io.keysweep.cli.shell;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Measures and cuts text by the columns that it fills on a terminal.
 *
 * <p>Wide characters of East Asia and emoji fill two columns. Marks that combine with the character before fill none.
 * All others fill one. Terminals differ for some new characters and for emoji that consist of several characters.
 */
public final class TextWidth {

    /**
     * First and last characters of the ranges that Unicode's East Asian Width counts as wide or fullwidth, in ascending
     * order. These are Hangul, Chinese, Japanese, Yi and their forms. Emoji are not listed here, because the JDK knows
     * them.
     */
    private static final NavigableMap<Integer, Integer> WIDE = new TreeMap<>(Map.ofEntries(
            Map.entry(0x1100, 0x115F),
            Map.entry(0x2329, 0x232A),
            Map.entry(0x2E80, 0x303E),
            Map.entry(0x3041, 0xA4CF),
            Map.entry(0xA960, 0xA97F),
            Map.entry(0xAC00, 0xD7A3),
            Map.entry(0xF900, 0xFAFF),
            Map.entry(0xFE10, 0xFE19),
            Map.entry(0xFE30, 0xFE6F),
            Map.entry(0xFF01, 0xFF60),
            Map.entry(0xFFE0, 0xFFE6),
            Map.entry(0x16FE0, 0x18CFF),
            Map.entry(0x1AFF0, 0x1B2FF),
            Map.entry(0x1F200, 0x1F265),
            Map.entry(0x20000, 0x3FFFD)));

    /** The first of the vowels and final consonants of Hangul (Jamo), which combine with the consonant before. */
    private static final int FIRST_JAMO = 0x1160;

    /** The last of the vowels and final consonants of Hangul. */
    private static final int LAST_JAMO = 0x11FF;

    private static final int SOFT_HYPHEN = 0xAD;
    private static final String CUT = "...";

    private TextWidth() {}

    /** Returns how many columns a line of text fills. */
    public static int of(String text) {
        return text.codePoints().map(TextWidth::of).sum();
    }

    /** Returns the text with blanks at its end, so that it fills at least {@code columns} columns. */
    public static String pad(String text, int columns) {
        return text + " ".repeat(Math.max(0, columns - of(text)));
    }

    /**
     * Returns the text, or its beginning and three dots if it fills more than {@code columns} columns. A cut text fills
     * at most {@code columns} columns; if {@code columns} is below 3, it consists of the three dots alone.
     */
    public static String cut(String text, int columns) {
        if (of(text) <= columns) {
            return text;
        }
        StringBuilder beginning = new StringBuilder();
        // The count begins with the columns of the dots, which follow the text.
        int usedColumns = CUT.length();
        for (int codePoint : text.codePoints().toArray()) {
            usedColumns += of(codePoint);
            if (usedColumns > columns) {
                break;
            }
            beginning.appendCodePoint(codePoint);
        }
        return beginning.append(CUT).toString();
    }

    private static int of(int codePoint) {
        if (isCombining(codePoint)) {
            return 0;
        }
        Map.Entry<Integer, Integer> range = WIDE.floorEntry(codePoint);
        boolean isWide = (range != null && codePoint <= range.getValue()) || Character.isEmojiPresentation(codePoint);
        return isWide ? 2 : 1;
    }

    private static boolean isCombining(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK -> true;
            // Format characters, such as the zero-width joiner, fill no column. Terminals show only the soft hyphen.
            case Character.FORMAT -> codePoint != SOFT_HYPHEN;
            default -> codePoint >= FIRST_JAMO && codePoint <= LAST_JAMO;
        };
    }
}
