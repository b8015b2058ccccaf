package io.keysweep.engine.topology;

import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Decodes and encodes the percent-encoded parts of a {@link DeploymentUri}: user, password, path and name. */
final class UriText {

    /** The largest number of bytes of a character in UTF-8. */
    private static final int MAX_BYTES_PER_CHARACTER = 4;

    private UriText() {}

    /**
     * Decodes percent-encoded UTF-8.
     *
     * @param field the name of the field in the message of an exception
     * @throws IllegalArgumentException if the text is not percent-encoded UTF-8; the message does not contain the text
     */
    static String decode(String field, String text) {
        // URLDecoder would turn a plus sign into a blank.
        ByteBuffer bytes = ByteBuffer.allocate(text.length() * MAX_BYTES_PER_CHARACTER);
        try {
            for (int i = 0; i < text.length(); ) {
                if (text.charAt(i) == '%') {
                    bytes.put((byte) HexFormat.fromHexDigits(text, i + 1, i + 3));
                    i += 3;
                } else {
                    int codePoint = text.codePointAt(i);
                    bytes.put(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
                    i += Character.charCount(codePoint);
                }
            }
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (IndexOutOfBoundsException | NumberFormatException | CharacterCodingException e) {
            // The cause is left out, since its message may contain a part of the password.
            throw new IllegalArgumentException(
                    "the " + field + " is not percent-encoded UTF-8; write a % as %25 and an @ as %40");
        }
    }

    /**
     * Decodes a text that must not contain a line break or another control character, not even an encoded one.
     *
     * @param field the name of the field in the message of an exception
     * @throws IllegalArgumentException if the text is not percent-encoded UTF-8, or contains a control character
     */
    static String decodeLine(String field, String text) {
        String line = decode(field, text);
        if (line.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("the " + field + " contains a control character, must contain none");
        }
        return line;
    }

    /** Percent-encodes the name of a primary. */
    static String encodeName(String name) {
        // URLEncoder would turn a blank into a plus sign, but the name of a primary contains none.
        return URLEncoder.encode(name, StandardCharsets.UTF_8);
    }
}
