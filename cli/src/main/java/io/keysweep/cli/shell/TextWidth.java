package io.keysweep.cli.shell;

/** Measures and cuts text by the columns that it fills on a terminal, where some characters fill two. */
public final class TextWidth {

    /** First character of the scripts whose characters fill two columns: Hangul, and after it Chinese and Japanese. */
    private static final int FIRST_WIDE = 0x1100;
    /** Punctuation, arrows, lines and blocks, which fill one column. */
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

    /** Returns the text, or its beginning with three dots if it fills more than {@code columns} columns. */
    public static String cut(String text, int columns) {
        if (of(text) <= columns) {
            return text;
        }
        StringBuilder beginning = new StringBuilder();
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
