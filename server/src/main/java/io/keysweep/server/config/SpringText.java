package io.keysweep.server.config;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * Protects texts of users, such as passwords and paths, from Spring.
 *
 * <p>Spring replaces <code>${name}</code> in the value of a property by another property. A text must reach its
 * destination unchanged.
 */
final class SpringText {

    private SpringText() {}

    /** Returns the value of a property that Spring reads as exactly this text. */
    static String literal(String text) {
        StringBuilder value = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            // Spring leaves a placeholder without an end as it is, and would also leave the backslash.
            if (text.startsWith("${", i) && isClosed(text, i + 2)) {
                value.append('\\');
            }
            value.append(text.charAt(i));
        }
        return value.toString();
    }

    /** Returns whether a placeholder whose content begins at a position has an end, as Spring searches for it. */
    private static boolean isClosed(String text, int start) {
        // The number of braces that are open: first the brace of the placeholder itself.
        int openBraces = 1;
        for (int i = start; i < text.length() && openBraces > 0; i++) {
            char next = text.charAt(i);
            if (next == '{') {
                openBraces++;
            } else if (next == '}') {
                openBraces--;
            }
        }
        return openBraces == 0;
    }

    /** Returns the properties with all texts as {@link #literal}; other values are not changed. */
    static Map<String, Object> literals(Map<String, Object> properties) {
        return properties.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> entry.getValue() instanceof String text ? literal(text) : entry.getValue()));
    }
}
