package io.keysweep.server.dcs;

import io.keysweep.server.error.RequestRefusedException;
import org.jspecify.annotations.Nullable;

/**
 * Describes which part of a list a client requests from the DCS API.
 *
 * <p>DCS is the Distributed Cache Service of Huawei Cloud, whose API the service also offers.
 *
 * @param offset number of entries to skip, at least 0, default 0
 * @param limit maximum number of entries to return, 1 to 1000, default 10
 */
record PageRange(int offset, int limit) {

    private static final int DEFAULT_LIMIT = 10;
    private static final int MAX_LIMIT = 1000;

    /** Parses the query parameters {@code offset} and {@code limit}; null stands for the default. */
    static PageRange of(@Nullable String offset, @Nullable String limit) {
        return new PageRange(
                offset == null ? 0 : parseNumber("offset", offset, 0, Integer.MAX_VALUE, "a whole number from 0"),
                limit == null
                        ? DEFAULT_LIMIT
                        : parseNumber("limit", limit, 1, MAX_LIMIT, "a whole number from 1 to " + MAX_LIMIT));
    }

    /** Parses a number from {@code min} to {@code max}; refuses any other text. */
    private static int parseNumber(String name, String text, int min, int max, String rule) {
        // Long.parseLong alone would also read a sign, and the digits of other scripts.
        if (text.matches("\\d{1,10}")) {
            long number = Long.parseLong(text);
            if (number >= min && number <= max) {
                return Math.toIntExact(number);
            }
        }
        throw RequestRefusedException.parameter(name, text, rule);
    }
}
