package io.keysweep.api.report;

import java.io.IOException;
import org.erdtman.jcs.JsonCanonicalizer;

/**
 * Writes JSON in the canonical form of RFC 8785, in which spaces, the order of fields and the notation of numbers are
 * fixed. A signature of this form stays valid when the JSON is formatted differently.
 */
public final class CanonicalJson {

    private CanonicalJson() {}

    /**
     * Returns the canonical form in UTF-8.
     *
     * @param json a JSON object or array
     * @throws IllegalArgumentException if the text is not a JSON object or array
     */
    public static byte[] of(String json) {
        try {
            return new JsonCanonicalizer(json).getEncodedUTF8();
        } catch (IOException e) {
            throw new IllegalArgumentException("not a JSON object or array: " + e.getMessage(), e);
        }
    }
}
