package io.keysweep.server.iam.signature;

import io.keysweep.api.signature.HeaderValues;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Holds a request as received, before any decoding, routing or parsing, because the client has signed this form.
 *
 * <p>{@link SignatureVerifier} verifies such a request.
 *
 * @param method HTTP method as received
 * @param rawPath path as received, still percent-encoded, without the query
 * @param rawQuery query as received, still percent-encoded, without {@code ?}; null or empty if there is none
 * @param headers all values of each header by name; this record converts the names to lower case
 * @param body body without chunked encoding, empty if there is none; not copied, so the caller must not change it
 */
@SuppressWarnings("ArrayRecordComponent") // The array is only read, and copying each body would cost time and memory.
public record SignedRequest(
        String method, String rawPath, @Nullable String rawQuery, Map<String, List<String>> headers, byte[] body) {

    /** Merges headers whose names differ only in case, and strips blanks around values (RFC 9110, section 5.5). */
    public SignedRequest {
        TreeMap<String, List<String>> headersByName = new TreeMap<>();
        headers.forEach((name, values) -> {
            List<String> strippedValues =
                    headersByName.computeIfAbsent(name.toLowerCase(Locale.ROOT), lower -> new ArrayList<>());
            values.forEach(value -> strippedValues.add(HeaderValues.stripBlanks(value)));
        });
        headers = Collections.unmodifiableMap(headersByName);
    }

    /** Returns all values of a header; an empty list if the request does not have the header. */
    List<String> values(String lowerCaseName) {
        return headers.getOrDefault(lowerCaseName, List.of());
    }

    /** Returns method and path only, because query, headers and body can contain secrets. */
    @Override
    public String toString() {
        return "SignedRequest[" + method + " " + rawPath + "]";
    }
}
