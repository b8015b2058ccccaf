package io.keysweep.engine.topology;

/**
 * Makes text that another machine has sent fit for messages and logs: it escapes control characters and limits the
 * length. A server could otherwise write lines of its own into a log, or move the cursor of a terminal.
 */
public final class PeerText {

    private static final int MAX_SHOWN = 120;

    private PeerText() {}

    /** Returns a text with control characters escaped, and cut after 120 characters. */
    public static String shown(String text) {
        return shown(text, MAX_SHOWN);
    }

    /** Returns a text with control characters escaped, and cut after {@code maxLength} characters. */
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
        if (text.length() > maxLength || shown.length() > maxLength) {
            shown.setLength(Math.min(shown.length(), maxLength));
            shown.append('…');
        }
        return shown.toString();
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
