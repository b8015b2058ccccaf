package io.keysweep.server.iam.signature;

import static io.keysweep.server.iam.signature.SignatureRefusalReason.MALFORMED_AUTHORIZATION;
import static io.keysweep.server.iam.signature.SignatureRefusalReason.NO_AUTHORIZATION;
import static io.keysweep.server.iam.signature.SignatureRefusalReason.UNSUPPORTED_ALGORITHM;

import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parses the Authorization header of a signed request, in the format of Huawei Cloud's official SDKs.
 *
 * <p>Example: {@code SDK-HMAC-SHA256 Access=AK, SignedHeaders=host;x-sdk-date, Signature=0123…}. Some algorithms have
 * {@code Credential=AK/20261124/region/service} instead of {@code Access=AK}; the part after the key is the scope.
 *
 * <p>Only the form is checked here; {@link SignatureVerifier} checks the signature.
 *
 * @param algorithm algorithm that made the signature
 * @param accessKey access key id (AK) of the caller, 1 to 128 characters
 * @param scope {@code yyyyMMdd/region/service}, with {@code /sdk_request} at the end for one algorithm; null if the
 *     algorithm has no scope
 * @param signedHeaders lower-case names of the headers that the signature covers, sorted, without duplicates
 * @param signature the signature in lower-case hex
 */
record AuthorizationHeader(
        SignatureAlgorithm algorithm,
        String accessKey,
        @Nullable String scope,
        List<String> signedHeaders,
        String signature) {

    /**
     * The maximum length of the header in characters. The SDKs send about 300: an access key id, a signature and five
     * names of headers.
     */
    private static final int MAX_LENGTH = 4096;

    // Neighbouring parts of the pattern share no characters, so matching takes linear time even for a hostile header.
    private static final Pattern FORM = Pattern.compile("[A-Z0-9-]+ +"
            + "(?:Access=(?<plainKey>[A-Za-z0-9._-]{1,128})"
            + "|Credential=(?<scopedKey>[A-Za-z0-9._-]{1,128})"
            + "/(?<scope>[0-9]{8}/[A-Za-z0-9._-]{0,64}/[A-Za-z0-9._-]{0,64}(?:/sdk_request)?))"
            + ", *SignedHeaders=(?<names>[a-z0-9!#$%&'*+.^_`|~;-]+)"
            + ", *Signature=(?<signature>(?:[0-9a-f]{2}){8,80})");

    /**
     * Parses the header.
     *
     * @param headerValues all values of the Authorization header in the request; a request must have exactly one
     * @throws SignatureRefusedException if the header is missing, repeated, too long or malformed, or names an unknown
     *     algorithm
     */
    static AuthorizationHeader parse(List<String> headerValues) throws SignatureRefusedException {
        if (headerValues.isEmpty()) {
            throw new SignatureRefusedException(
                    NO_AUTHORIZATION, "Sign the request: the Authorization header is missing.");
        }
        if (headerValues.size() > 1) {
            throw malformed("send it once");
        }
        if (headerValues.getFirst().length() > MAX_LENGTH) {
            throw malformed("it is longer than " + MAX_LENGTH + " characters");
        }

        String text = headerValues.getFirst();
        SignatureAlgorithm algorithm = findAlgorithm(text);
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw malformed("expected " + algorithm.headerForm());
        }
        String scope = form.group("scope");
        if (!algorithm.acceptsScope(scope)) {
            throw malformed("expected " + algorithm.headerForm());
        }

        String accessKey = form.group(scope == null ? "plainKey" : "scopedKey");
        return new AuthorizationHeader(
                algorithm, accessKey, scope, parseNames(form.group("names")), form.group("signature"));
    }

    /** Returns the algorithm that the header names; a {@code Credential} after the name decides between two of them. */
    private static SignatureAlgorithm findAlgorithm(String text) throws SignatureRefusedException {
        int end = text.indexOf(' ');
        boolean scoped = end >= 0 && text.substring(end).stripLeading().startsWith("Credential=");
        return SignatureAlgorithm.find(end < 0 ? text : text.substring(0, end), scoped)
                .orElseThrow(() -> new SignatureRefusedException(
                        UNSUPPORTED_ALGORITHM,
                        "Authorization must begin with one of " + SignatureAlgorithm.allNames() + "."));
    }

    /**
     * Splits the list of signed headers. Only the spelling of the SDKs is accepted: a sorted list without duplicates.
     * The signature also covers the list, and the verifier builds that part from the sorted names.
     */
    private static List<String> parseNames(String signedHeaders) throws SignatureRefusedException {
        List<String> names = List.of(signedHeaders.split(";", -1));
        if (names.contains("") || !names.equals(List.copyOf(new TreeSet<>(names)))) {
            throw malformed("SignedHeaders must be a sorted list of names without duplicates");
        }
        return names;
    }

    private static SignatureRefusedException malformed(String problem) {
        return new SignatureRefusedException(MALFORMED_AUTHORIZATION, "Authorization header: " + problem + ".");
    }
}
