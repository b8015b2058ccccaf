package io.keysweep.engine.topology;

/**
 * Makes text that another machine has sent fit for messages and logs: it escapes control characters and limits the
 * length. A server could otherwise write lines of its own into a log, or move the cursor of a terminal.
 */
public final class PeerText {

    private static final int MAX_SHOWN = 120;

    private PeerText() {}

    /** Returns a text with at most 120 of its characters, and with control characters escaped. */
    public static String shown(String text) {
        return shown(text, MAX_SHOWN);
    }

    /** Returns a text with at most {@code maxLength} of its characters, and with control characters escaped. */
    public static String shown(String text, int maxLength) {
        if (text.length() <= maxLength && text.chars().noneMatch(PeerText::mustBeEscaped)) {
            return text;
        }
        StringBuilder shown = new StringBuilder();
        text.chars().limit(maxLength).forEach(c -> {
            if (mustBeEscaped(c)) {
                shown.append(String.format("\\u%04x", c));
            } else {
                shown.append((char) c);
            }
        });
        return text.length() > maxLength ? shown.append('…').toString() : shown.toString();
    }

    /** Returns whether a character changes how the text around it is shown, such as a line break or an escape. */
    private static boolean mustBeEscaped(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> true;
            default -> false;
        };
    }
}
