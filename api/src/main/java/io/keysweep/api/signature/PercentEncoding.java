package io.keysweep.api.signature;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Converts between percent-encoded text and bytes (RFC 3986, section 2.1).
 *
 * <p>The canonical form of a request, which is signed, decodes and encodes each part of its path and query. Decoded
 * values are byte arrays: in Strings, different malformed UTF-8 sequences become the same replacement character, and
 * two different requests would have the same signature.
 */
final class PercentEncoding {

    private static final HexFormat UPPER = HexFormat.of().withUpperCase();
    private static final String UNRESERVED_MARKS = "-_.~";

    private PercentEncoding() {}

    /**
     * Decodes percent-encoded text once: {@code %2541} becomes {@code %41} and not {@code A}.
     *
     * @param plusIsBlank whether {@code +} stands for a space, as in a query
     * @throws IllegalArgumentException if a {@code %} is not followed by two hex digits, or a character is not visible
     *     ASCII
     */
    static byte[] decode(String wire, boolean plusIsBlank) {
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(wire.length());
        for (int i = 0; i < wire.length(); i++) {
            char c = wire.charAt(i);
            if (c <= ' ' || c > '~') {
                throw new IllegalArgumentException(
                        "Character at index " + i + " must be percent-encoded in a path or query");
            }
            if (c == '%') {
                decoded.write(escaped(wire, i));
                i += 2;
            } else {
                decoded.write(plusIsBlank && c == '+' ? ' ' : c);
            }
        }
        return decoded.toByteArray();
    }

    /** Encodes all bytes except {@code A-Z a-z 0-9 - _ . ~}, with upper-case hex digits. */
    static String encode(byte[] decoded) {
        StringBuilder wire = new StringBuilder(decoded.length);
        for (byte b : decoded) {
            char c = (char) (b & 0xff);
            if (isUnreserved(c)) {
                wire.append(c);
            } else {
                wire.append('%').append(UPPER.toHexDigits(b));
            }
        }
        return wire.toString();
    }

    /** Returns a text with one character per byte. Such texts sort in the order of their unsigned bytes. */
    static String sortable(byte[] decoded) {
        return new String(decoded, StandardCharsets.ISO_8859_1);
    }

    /** Returns the byte of the escape, such as {@code %2F}, that begins at an index. */
    private static int escaped(String wire, int percentAt) {
        if (percentAt + 2 >= wire.length()
                || !HexFormat.isHexDigit(wire.charAt(percentAt + 1))
                || !HexFormat.isHexDigit(wire.charAt(percentAt + 2))) {
            throw new IllegalArgumentException("% at index " + percentAt + " must be followed by two hex digits");
        }
        return HexFormat.fromHexDigits(wire, percentAt + 1, percentAt + 3);
    }

    private static boolean isUnreserved(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || UNRESERVED_MARKS.indexOf(c) >= 0;
    }
}
