package io.keysweep.server.iam;

import io.keysweep.api.signature.CanonicalQuery;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.regex.Pattern;

/**
 * Converts a request to the form that Open Telekom Cloud's clients sign, where it differs from the official SDKs.
 *
 * <p>Blanks inside a header value become one space. A POST without a body is signed without its query, and the query
 * takes the place of the body.
 */
final class ChainedForm {

    private static final String HASH_HEADER = HashAlgorithm.SHA256.contentHeader();
    private static final Pattern BLANKS = Pattern.compile("[ \\t]+");

    private ChainedForm() {}

    /**
     * Returns the request in the form that is signed, and collapses blanks in {@code signed}.
     *
     * <p>A client that signs a hash of its own leaves the query of such a POST unsigned. That request keeps its query, so
     * its signature does not match.
     *
     * @param signed values of the signed headers, which this method changes
     * @throws SignatureRefusedException if the query is malformed
     */
    static SignedRequest of(SignedRequest request, SortedMap<String, String> signed) throws SignatureRefusedException {
        signed.replaceAll((name, value) -> BLANKS.matcher(value).replaceAll(" "));
        String query = request.rawQuery();
        if (query == null
                || query.isEmpty()
                || request.body().length > 0
                || !request.method().equals("POST")
                || signed.containsKey(HASH_HEADER)) {
            return request;
        }
        return new SignedRequest(request.method(), request.rawPath(), null, request.headers(), formEncoded(query));
    }

    /** Returns the query with sorted parameters, in which a space is a plus sign. */
    private static byte[] formEncoded(String rawQuery) throws SignatureRefusedException {
        try {
            return CanonicalQuery.of(rawQuery).replace("%20", "+").getBytes(StandardCharsets.US_ASCII);
        } catch (IllegalArgumentException malformed) {
            throw new SignatureRefusedException(
                    SignatureRefusalReason.MALFORMED_REQUEST, "Malformed request: " + malformed.getMessage() + ".");
        }
    }
}
