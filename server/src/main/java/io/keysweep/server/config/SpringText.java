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
        return text.replace("${", "\\${");
    }

    /** Returns the properties with all texts as {@link #literal}; other values stay as they are. */
    static Map<String, Object> literals(Map<String, Object> properties) {
        return properties.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> entry.getValue() instanceof String text ? literal(text) : entry.getValue()));
    }
}
