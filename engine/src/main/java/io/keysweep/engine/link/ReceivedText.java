package io.keysweep.engine.link;

/** Quotes what a server has sent, for messages to people: on one line, escaped, and cut after 120 characters. */
public final class ReceivedText {

    private static final int MAX_LENGTH = 120;

    private ReceivedText() {}

    /** Returns the text in quotes, for example {@code "HTTP/1.1 400 Bad Request\r\n"}. */
    public static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().limit(MAX_LENGTH).forEach(character -> append(quoted, character));
        return quoted.append(text.length() > MAX_LENGTH ? "...\"" : "\"").toString();
    }

    private static void append(StringBuilder quoted, int character) {
        switch (character) {
            case '\r' -> quoted.append("\\r");
            case '\n' -> quoted.append("\\n");
            case '\t' -> quoted.append("\\t");
            case '"', '\\' -> quoted.append('\\').append((char) character);
            default -> {
                if (character < ' ' || character > '~') {
                    quoted.append(String.format(character < 256 ? "\\x%02x" : "\\u%04x", character));
                } else {
                    quoted.append((char) character);
                }
            }
        }
    }
}
