package io.keysweep.server.scan;

import io.keysweep.server.error.RequestRefusedException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Names one create, so that it may be sent again without making a second scan.
 *
 * @param key what the caller calls it
 * @param request SHA-256 of the body, hex
 */
public record IdempotencyKey(String key, String request) {

    private static final Pattern FORM = Pattern.compile("[\\x21-\\x7e]{1,128}");

    /** Of a header and the body that it came with; null without one. */
    static @Nullable IdempotencyKey of(@Nullable String header, @Nullable JsonNode body) {
        if (header == null) {
            return null;
        }
        if (!FORM.matcher(header).matches()) {
            throw RequestRefusedException.parameter(
                    "Idempotency-Key", header, "1 to 128 visible ASCII characters without spaces");
        }
        return new IdempotencyKey(header, digest(String.valueOf(body)));
    }

    private static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
