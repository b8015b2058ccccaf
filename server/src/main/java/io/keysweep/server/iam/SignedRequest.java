package io.keysweep.server.iam;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A request as it was received, before any decoding, routing or parsing.
 *
 * @param method as received
 * @param rawPath percent-encoded as received, without query
 * @param rawQuery percent-encoded as received, without {@code ?}; null or empty for none
 * @param headers all values of each header, as the client meant them; names in any case, kept in lower case
 * @param body after de-chunking, else as received; empty for none. Not copied, so it must not change meanwhile
 */
@SuppressWarnings("ArrayRecordComponent") // Read only, and a copy of each body would be a waste.
public record SignedRequest(
        String method, String rawPath, @Nullable String rawQuery, Map<String, List<String>> headers, byte[] body) {

    /** Merges headers whose names differ in case only, and takes off the blanks around values, as HTTP has it. */
    public SignedRequest {
        TreeMap<String, List<String>> merged = new TreeMap<>();
        headers.forEach((name, values) -> {
            List<String> all = merged.computeIfAbsent(name.toLowerCase(Locale.ROOT), lower -> new ArrayList<>());
            values.forEach(value -> all.add(withoutOuterBlanks(value)));
        });
        headers = Collections.unmodifiableMap(merged);
    }

    List<String> values(String lowerCaseName) {
        return headers.getOrDefault(lowerCaseName, List.of());
    }

    /** Method and path only, since query, headers and body may hold secrets. */
    @Override
    public String toString() {
        return "SignedRequest[" + method + " " + rawPath + "]";
    }

    /** Blanks and tabs only: String.strip would take line breaks too, which must not pass unseen. */
    private static String withoutOuterBlanks(String value) {
        int start = 0;
        int end = value.length();
        while (start < end && isBlank(value.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(value.charAt(end - 1))) {
            end--;
        }
        return value.substring(start, end);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
