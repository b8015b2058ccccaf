package io.keysweep.server.iam.signature;

import static io.keysweep.server.iam.signature.SignatureRefusalReason.BODY_MISMATCH;
import static io.keysweep.server.iam.signature.SignatureRefusalReason.MALFORMED_REQUEST;
import static io.keysweep.server.iam.signature.SignatureRefusalReason.SCOPE_DATE_MISMATCH;
import static io.keysweep.server.iam.signature.SignatureRefusalReason.SIGNATURE_MISMATCH;
import static io.keysweep.server.iam.signature.SignatureRefusalReason.SIGNED_HEADER_MISSING;
import static io.keysweep.server.iam.signature.SignatureRefusalReason.SIGNED_HEADER_REPEATED;
import static io.keysweep.server.iam.signature.SignatureRefusalReason.UNKNOWN_ACCESS_KEY;
import static java.util.Objects.requireNonNull;

import io.keysweep.api.signature.CanonicalRequest;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Verifies the signatures that clients make with access key (AK) and secret key (SK), according to the rules of Huawei
 * Cloud's official SDKs.
 *
 * <p>{@link SignatureAlgorithm} lists the algorithms. The signature covers the hash of a {@link CanonicalRequest},
 * which client and server build from the request. Thread-safe.
 *
 * <p>The verifier does not remember requests, so a signed request can be sent again while its date differs from the
 * server's time by at most 15 minutes. It accepts repetitions on purpose, for two reasons. Dates have whole seconds, so
 * two equal requests in one second are identical byte for byte. And HTTP clients repeat a request after a broken
 * connection.
 */
public final class SignatureVerifier {

    private static final String DATE_HEADER = "x-sdk-date";

    /** Text that a client sends instead of the hash of the body if its signature does not cover the body. */
    private static final String UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD";

    private final SecretKeyLookup secretKeys;
    private final InstantSource clock;

    /** Creates a verifier of requests that are signed with the given secret keys. */
    public SignatureVerifier(SecretKeyLookup secretKeys, InstantSource clock) {
        this.secretKeys = requireNonNull(secretKeys, "secretKeys is null");
        this.clock = requireNonNull(clock, "clock is null");
    }

    /**
     * Verifies one request. No content of the request causes an exception; only {@link SecretKeyLookup} can throw one.
     *
     * @return the access key, or the reason why the request is refused: the first problem that was found
     */
    public SignatureVerification verify(SignedRequest request) {
        try {
            AuthorizationHeader authorization = AuthorizationHeader.parse(request.values("authorization"));
            SortedMap<String, String> headers = requireSignedHeaders(request, authorization);
            SdkDate date = requireValidDate(authorization, headers);
            // Clients of the chained algorithm sign a changed copy of the request, see ChainedForm.
            SignedRequest signedForm = authorization.algorithm() == SignatureAlgorithm.SDK_HMAC_SHA256_CHAINED
                    ? ChainedForm.of(request, headers)
                    : request;
            String payloadHash = requirePayloadHash(signedForm, authorization, headers);
            String canonical = canonicalText(signedForm, headers, payloadHash);
            String stringToSign = authorization.algorithm().stringToSign(authorization, date.text(), canonical);
            return checkSignature(authorization, stringToSign);
        } catch (SignatureRefusedException refused) {
            return refused.refusal();
        }
    }

    /**
     * Checks the parts of a request that do not depend on its body: the Authorization header, the date, the scope, and
     * that the access key exists. The signature itself is not checked, because it covers the body.
     *
     * @return why the request is refused; empty if these parts are right
     */
    public Optional<SignatureVerification.Refused> checkHead(SignedRequest request) {
        try {
            AuthorizationHeader authorization = AuthorizationHeader.parse(request.values("authorization"));
            requireValidDate(authorization, requireSignedHeaders(request, authorization));
            requireSecret(authorization);
            return Optional.empty();
        } catch (SignatureRefusedException refused) {
            return Optional.of(refused.refusal());
        }
    }

    /**
     * Returns the date of the request; refuses a date that differs from the current time by more than 15 minutes, or is
     * on a different day than the scope.
     */
    private SdkDate requireValidDate(AuthorizationHeader authorization, SortedMap<String, String> headers)
            throws SignatureRefusedException {
        SdkDate date = SdkDate.parse(headers.get(DATE_HEADER));
        date.checkWithinWindow(clock.instant());
        checkScope(authorization, date);
        return date;
    }

    /** Returns the headers that the signature covers, by their names; refuses a header that is missing or repeated. */
    private static SortedMap<String, String> requireSignedHeaders(
            SignedRequest request, AuthorizationHeader authorization) throws SignatureRefusedException {
        SortedMap<String, String> headers = new TreeMap<>();
        for (String name : authorization.signedHeaders()) {
            List<String> values = request.values(name);
            if (values.isEmpty()) {
                throw new SignatureRefusedException(
                        SIGNED_HEADER_MISSING, "Header " + name + " is in SignedHeaders but not in the request.");
            }
            // No choice among several values is safe, because proxies and frameworks choose differently. The verified
            // value might not be the value that is used. No SDK can send two values.
            if (values.size() > 1) {
                throw new SignatureRefusedException(
                        SIGNED_HEADER_REPEATED, "Header " + name + " is signed, so it must be sent once only.");
            }
            headers.put(name, values.getFirst());
        }
        return headers;
    }

    /** Refuses a scope with a different day than the date, because the signing key is derived from the scope. */
    private static void checkScope(AuthorizationHeader authorization, SdkDate date) throws SignatureRefusedException {
        String scope = authorization.scope();
        if (scope != null && !scope.startsWith(date.day() + "/")) {
            throw new SignatureRefusedException(
                    SCOPE_DATE_MISMATCH, "The day in Credential must be that of X-Sdk-Date, " + date.day() + ".");
        }
    }

    /**
     * Returns the hash of the body for the canonical request: the signed hash header as the client sent it, or else the
     * hash of the received body. A hash header that is not signed proves nothing and is ignored.
     *
     * @throws SignatureRefusedException if the signed hash header is not the hash of the body, nor {@code
     *     UNSIGNED-PAYLOAD}
     */
    private static String requirePayloadHash(
            SignedRequest request, AuthorizationHeader authorization, SortedMap<String, String> headers)
            throws SignatureRefusedException {
        HashAlgorithm hashAlgorithm = authorization.algorithm().hashAlgorithm();
        @Nullable String payloadHash = headers.get(hashAlgorithm.contentHeader());
        if (payloadHash == null) {
            return hashAlgorithm.hexHash(request.body());
        }
        if (!payloadHash.equals(UNSIGNED_PAYLOAD)
                && !payloadHash.equalsIgnoreCase(hashAlgorithm.hexHash(request.body()))) {
            throw new SignatureRefusedException(
                    BODY_MISMATCH,
                    "Header " + hashAlgorithm.contentHeader()
                            + " is not the hash of the body: send its lower-case hex, " + UNSIGNED_PAYLOAD
                            + ", or omit the header.");
        }
        return payloadHash;
    }

    /** Returns the text of the canonical request; refuses a request that has no canonical form. */
    private static String canonicalText(SignedRequest request, SortedMap<String, String> headers, String payloadHash)
            throws SignatureRefusedException {
        try {
            return new CanonicalRequest(request.method(), request.rawPath(), request.rawQuery(), headers, payloadHash)
                    .text();
        } catch (IllegalArgumentException malformed) {
            throw new SignatureRefusedException(
                    MALFORMED_REQUEST, "Malformed request: " + malformed.getMessage() + ".");
        }
    }

    /** Verifies the signature over the text; refuses an unknown access key and a signature that does not match. */
    private SignatureVerification checkSignature(AuthorizationHeader authorization, String stringToSign)
            throws SignatureRefusedException {
        if (!authorization.algorithm().matches(authorization, requireSecret(authorization), stringToSign)) {
            throw new SignatureRefusedException(
                    SIGNATURE_MISMATCH,
                    "The signature does not match the request. Check the secret key of " + authorization.accessKey()
                            + ", and that nothing between client and server changes the request.");
        }
        return new SignatureVerification.Verified(authorization.accessKey());
    }

    private SecretAccessKey requireSecret(AuthorizationHeader authorization) throws SignatureRefusedException {
        return secretKeys
                .find(authorization.accessKey())
                .orElseThrow(() -> new SignatureRefusedException(
                        UNKNOWN_ACCESS_KEY, "The access key " + authorization.accessKey() + " does not exist."));
    }
}
