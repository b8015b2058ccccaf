package io.keysweep.benchmarks.fuzz;

import java.nio.charset.StandardCharsets;

/**
 * Converts between bytes and texts that have one character for each byte.
 *
 * <p>This package holds requests and answers in that form, because they can be any bytes, and texts are easier to
 * change and to search.
 */
final class Octets {

    private Octets() {}

    /** Returns the UTF-8 bytes of a text, as a string with one character for each byte. */
    static String utf8(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns bytes as a string with one character for each byte. */
    static String of(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Returns the bytes of a string that has one character for each byte. */
    static byte[] bytes(String octets) {
        return octets.getBytes(StandardCharsets.ISO_8859_1);
    }
}
