package io.keysweep.engine.insight;

/**
 * Asks an estimate to count keys by the beginnings of their names. These beginnings then leave the server.
 *
 * @param separator the text that ends a part of a name, for example {@code :}; not empty
 * @param depth the number of parts that make a prefix, at least 1. Example: with depth 2, {@code user:7:name} is
 *     counted under the prefix {@code user:7:}
 * @param top the number of prefixes to report, at least 1; the others are added up
 */
public record PrefixRequest(String separator, int depth, int top) {

    /** The longest separator, in characters. */
    public static final int MAX_SEPARATOR = 8;

    /** The largest depth. */
    public static final int MAX_DEPTH = 8;

    /** The largest number of prefixes in a report. */
    public static final int MAX_TOP = 1_000;

    public PrefixRequest {
        if (separator.isEmpty() || separator.length() > MAX_SEPARATOR) {
            throw new IllegalArgumentException(
                    "separator has " + separator.length() + " characters, must have 1 to " + MAX_SEPARATOR);
        }
        if (depth < 1 || depth > MAX_DEPTH) {
            throw new IllegalArgumentException("depth is " + depth + ", must be 1 to " + MAX_DEPTH);
        }
        if (top < 1 || top > MAX_TOP) {
            throw new IllegalArgumentException("top is " + top + ", must be 1 to " + MAX_TOP);
        }
    }
}
