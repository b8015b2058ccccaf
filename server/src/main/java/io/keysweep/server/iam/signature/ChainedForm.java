package io.keysweep.server.iam.signature;

import io.keysweep.api.signature.CanonicalQuery;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.regex.Pattern;

/**
 * Converts a request to the form that clients of Open Telekom Cloud sign ({@link
 * SignatureAlgorithm#SDK_HMAC_SHA256_CHAINED}).
 *
 * <p>This form differs from the form of the official SDKs in two points. Neighbouring blanks inside a header value
 * become one space. In a POST without a body, the query takes the place of the body, and the signed request has no
 * query.
 */
final class ChainedForm {

    private static final String HASH_HEADER = HashAlgorithm.SHA256.contentHeader();
    private static final Pattern BLANKS = Pattern.compile("[ \\t]+");

    private ChainedForm() {}

    /**
     * Returns the signed form of a request, and replaces neighbouring blanks in {@code signed} by one space.
     *
     * <p>If a client sends a hash of the body in a signed header, it does not sign the query of a POST without a body.
     * Anyone could change such a query. This method then keeps the query, so that the signature does not match and the
     * request is refused.
     *
     * @param signed values of the signed headers by lower-case name, which this method changes
     * @throws SignatureRefusedException if the query is malformed
     */
    static SignedRequest of(SignedRequest request, SortedMap<String, String> signed) throws SignatureRefusedException {
        signed.replaceAll((name, value) -> BLANKS.matcher(value).replaceAll(" "));
        String query = request.rawQuery();
        boolean signsQueryAsBody =
                request.method().equals("POST") && request.body().length == 0 && !signed.containsKey(HASH_HEADER);
        return signsQueryAsBody && query != null && !query.isEmpty()
                ? new SignedRequest(
                        request.method(),
                        request.rawPath(),
                        /* rawQuery= */ null,
                        request.headers(),
                        formEncoded(query))
                : request;
    }

    /** Returns the query as a form body: its parameters sorted, with a plus sign for each space. */
    private static byte[] formEncoded(String rawQuery) throws SignatureRefusedException {
        try {
            return CanonicalQuery.of(rawQuery).replace("%20", "+").getBytes(StandardCharsets.US_ASCII);
        } catch (IllegalArgumentException malformed) {
            throw new SignatureRefusedException(
                    SignatureRefusalReason.MALFORMED_REQUEST, "Malformed request: " + malformed.getMessage() + ".");
        }
    }
}
