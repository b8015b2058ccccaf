package io.keysweep.server.dcs;

import io.keysweep.server.error.RequestRefusedException;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a list is asked for.
 *
 * @param offset entries left out at the beginning, at least 0, default 0
 * @param limit entries shown at the most, 1 to 1000, default 10
 */
record Page(int offset, int limit) {

    static Page of(@Nullable String offset, @Nullable String limit) {
        return new Page(
                number("offset", offset, 0, Integer.MAX_VALUE, 0, "a whole number from 0"),
                number("limit", limit, 1, 1000, 10, "a whole number from 1 to 1000"));
    }

    private static int number(String name, @Nullable String text, int min, int max, int fallback, String rule) {
        if (text == null) {
            return fallback;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Refused below, like a number out of range.
        }
        throw RequestRefusedException.parameter(name, text, rule);
    }
}
