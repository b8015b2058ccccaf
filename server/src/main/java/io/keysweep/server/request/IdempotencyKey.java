package io.keysweep.server.request;

import io.keysweep.server.error.RequestRefusedException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Identifies one create request, so that a client can repeat the request without creating a second resource.
 *
 * <p>A client repeats a request if it got no response, for example after a broken connection. {@link IdempotencyStore}
 * uses the key to find the resource of the first request.
 *
 * @param key text that the client chose, from the header {@code Idempotency-Key}
 * @param kind type of the created resource, such as {@code scan}
 * @param body body of the request as text; a client that sends the same key with another body has made a mistake
 */
public record IdempotencyKey(String key, String kind, String body) {

    private static final Pattern FORM = Pattern.compile("[\\x21-\\x7e]{1,128}");

    /**
     * Creates the key of a request from its header and body.
     *
     * @param header value of the header; null if the request has none
     * @param kind type of the created resource, such as {@code scan}
     * @param body body of the request, or null if it has none; two bodies are treated as equal if their {@code
     *     toString()} is equal
     * @return the key; null if the request has no {@code Idempotency-Key} header
     * @throws RequestRefusedException if the header is not 1 to 128 visible ASCII characters
     */
    public static @Nullable IdempotencyKey of(@Nullable String header, String kind, @Nullable Object body) {
        if (header == null) {
            return null;
        }
        if (!FORM.matcher(header).matches()) {
            throw RequestRefusedException.parameter(
                    "Idempotency-Key", header, "1 to 128 visible ASCII characters without spaces");
        }
        return new IdempotencyKey(header, kind, String.valueOf(body));
    }

    /** Returns a text for logs, without the body, which can contain a password. */
    @Override
    public String toString() {
        return "IdempotencyKey[key=" + key + ", kind=" + kind + "]";
    }
}
