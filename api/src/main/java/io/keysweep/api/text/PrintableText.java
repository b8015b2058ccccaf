package io.keysweep.api.text;

/** Makes text from users and servers safe to print, so that it can neither control a terminal nor forge a line. */
public final class PrintableText {

    /** Format characters that words of some languages need, and that change no direction. */
    private static final int ZERO_WIDTH_NON_JOINER = 0x200c;

    private static final int ZERO_WIDTH_JOINER = 0x200d;

    private PrintableText() {}

    /**
     * Replaces every character that is not printable by its escape, such as {@code \\u001b} for ESC: control
     * characters, line and paragraph separators, and invisible characters that change the direction of text.
     */
    public static String escape(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(character -> {
            if (printable(character)) {
                safe.appendCodePoint(character);
            } else {
                safe.append(String.format("\\u%04x", character));
            }
        });
        return safe.toString();
    }

    private static boolean printable(int character) {
        if (character == ZERO_WIDTH_NON_JOINER || character == ZERO_WIDTH_JOINER) {
            return true;
        }
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
