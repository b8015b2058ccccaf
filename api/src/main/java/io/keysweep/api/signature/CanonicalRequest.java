package io.keysweep.api.signature;

import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Builds the canonical text of a request, whose hash the client signs. Immutable.
 *
 * <p>The client and the server each derive this form from the request, and the signature is valid only if both get the
 * same text. {@link RequestSigner} is the client's side. The form follows the official SDKs of Huawei Cloud. The path
 * always ends with a slash, even if the path of the request does not. A {@code +} in the query is read as a space.
 *
 * @param method HTTP method as sent, for example {@code GET}
 * @param rawPath path as sent, still percent-encoded; an empty path is treated as {@code /}
 * @param rawQuery query as sent, still percent-encoded, without {@code ?}; null or empty if there is none
 * @param signedHeaders values of exactly the headers that are signed, by lower-case name
 * @param payloadHash hash of the body in lower-case hex, or {@code UNSIGNED-PAYLOAD} if the body is not signed
 */
public record CanonicalRequest(
        String method,
        String rawPath,
        @Nullable String rawQuery,
        SortedMap<String, String> signedHeaders,
        String payloadHash) {

    private static final Pattern LOWER_CASE_TOKEN = Pattern.compile("[a-z0-9!#$%&'*+.^_`|~-]+");

    /**
     * Checks the request and strips blanks around header values.
     *
     * <p>Two different requests must not have the same text. A line break in a value could imitate the next line, so a
     * value with a line break is refused.
     *
     * @throws IllegalArgumentException if a header name is not a lower-case HTTP token, or if the method or the value
     *     of a header contains a line break or another control character other than a tab
     */
    public CanonicalRequest {
        if (hasControl(method)) {
            throw new IllegalArgumentException("The method holds a control character");
        }
        TreeMap<String, String> sortedHeaders = new TreeMap<>();
        signedHeaders.forEach((name, value) ->
                sortedHeaders.put(requireToken(name), HeaderValues.stripBlanks(requirePrintable(name, value))));
        signedHeaders = Collections.unmodifiableSortedMap(sortedHeaders);
    }

    /**
     * Returns the text whose hash is signed. Its lines are: the method; the path; the sorted query; {@code name:value}
     * for each signed header; an empty line; the names of the signed headers; the hash of the body.
     *
     * @throws IllegalArgumentException if path or query is malformed: a broken percent-encoding, a character that must
     *     be encoded, or a path that does not begin with a slash
     */
    public String text() {
        String query = rawQuery == null ? "" : rawQuery;
        StringBuilder text = new StringBuilder(512)
                .append(method)
                .append('\n')
                .append(canonicalPath())
                .append('\n')
                .append(CanonicalQuery.of(query))
                .append('\n');
        signedHeaders.forEach(
                (name, value) -> text.append(name).append(':').append(value).append('\n'));
        return text.append('\n')
                .append(signedHeaderNames())
                .append('\n')
                .append(payloadHash)
                .toString();
    }

    /** Returns the names of the signed headers as the Authorization header lists them: sorted, joined by {@code ;}. */
    public String signedHeaderNames() {
        return String.join(";", signedHeaders.keySet());
    }

    /** Returns the canonical path: each segment decoded and encoded again, with a slash at the end. */
    private String canonicalPath() {
        if (rawPath.isEmpty()) {
            return "/";
        }
        if (!rawPath.startsWith("/")) {
            throw new IllegalArgumentException("A path must begin with /");
        }
        // Decoding and encoding again gives one form for all spellings of a path, such as %7e, %7E and ~.
        String path = Arrays.stream(rawPath.split("/", -1))
                .map(segment -> PercentEncoding.encode(PercentEncoding.decode(segment, /* plusIsBlank= */ false)))
                .collect(joining("/"));
        return path.endsWith("/") ? path : path + "/";
    }

    private static String requireToken(String name) {
        if (!LOWER_CASE_TOKEN.matcher(name).matches()) {
            throw new IllegalArgumentException("The name of a signed header must be a lower-case HTTP token");
        }
        return name;
    }

    private static String requirePrintable(String name, String value) {
        if (hasControl(value)) {
            throw new IllegalArgumentException("The value of header " + name + " holds a control character");
        }
        return value;
    }

    private static boolean hasControl(String text) {
        return text.chars().anyMatch(c -> c != '\t' && Character.isISOControl(c));
    }
}
