package io.keysweep.cli.shell;

/**
 * Measures and cuts text by the columns that it fills on a terminal, where some characters fill two.
 *
 * <p>The measure is approximate: characters of some other scripts, which fill one column, count as two. A table is then
 * wider than necessary.
 */
public final class TextWidth {

    /**
     * First character that counts as two columns. Hangul begins here, and Chinese, Japanese and emoji follow, apart
     * from the symbols below.
     */
    private static final int FIRST_WIDE = 0x1100;

    /** First and last character of the punctuation, arrows, lines and blocks that count as one column. */
    private static final int FIRST_SYMBOL = 0x2000;

    private static final int LAST_SYMBOL = 0x2BFF;
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
     * Returns the text, or its beginning and three dots if it fills more than {@code columns} columns. The result fills
     * at most {@code columns} columns, but at least the three of the dots if it is cut.
     */
    public static String cut(String text, int columns) {
        if (of(text) <= columns) {
            return text;
        }
        StringBuilder beginning = new StringBuilder();
        // Begins with the columns of the dots, which follow the text.
        int used = CUT.length();
        for (int codePoint : text.codePoints().toArray()) {
            used += of(codePoint);
            if (used > columns) {
                break;
            }
            beginning.appendCodePoint(codePoint);
        }
        return beginning.append(CUT).toString();
    }

    private static int of(int codePoint) {
        return codePoint < FIRST_WIDE || (codePoint >= FIRST_SYMBOL && codePoint <= LAST_SYMBOL) ? 1 : 2;
    }
}
