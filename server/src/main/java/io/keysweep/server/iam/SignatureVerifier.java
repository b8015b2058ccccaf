package io.keysweep.server.iam;

import static io.keysweep.server.iam.RefusalReason.BODY_MISMATCH;
import static io.keysweep.server.iam.RefusalReason.MALFORMED_REQUEST;
import static io.keysweep.server.iam.RefusalReason.SCOPE_DATE_MISMATCH;
import static io.keysweep.server.iam.RefusalReason.SIGNATURE_MISMATCH;
import static io.keysweep.server.iam.RefusalReason.SIGNED_HEADER_MISSING;
import static io.keysweep.server.iam.RefusalReason.SIGNED_HEADER_REPEATED;
import static java.util.Objects.requireNonNull;

import io.keysweep.api.signature.CanonicalRequest;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Checks the AK/SK signature of a request, by the rules of Huawei Cloud's official SDKs: {@code SDK-HMAC-SHA256},
 * {@code V11-HMAC-SHA256}, {@code SDK-HMAC-SM3}, {@code SDK-ECDSA-P256-SHA256} and {@code SDK-SM2-SM3}. Safe for use by
 * several threads.
 *
 * <p>No request is remembered, so one may come again within its 15 minutes. That is on purpose: dates have whole
 * seconds, so two equal requests of one second are byte for byte the same, and HTTP clients re-send on a broken
 * connection.
 */
public final class SignatureVerifier {

    private static final String DATE_HEADER = "x-sdk-date";
    private static final String UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD";

    private final SecretKeys secretKeys;
    private final InstantSource clock;
    private final SecretAccessKey dummySecret = AccessKeys.generate().secretKey();

    /** Creates a verifier over these keys. */
    public SignatureVerifier(SecretKeys secretKeys, InstantSource clock) {
        this.secretKeys = requireNonNull(secretKeys, "secretKeys is null");
        this.clock = requireNonNull(clock, "clock is null");
    }

    /**
     * Checks one request. No request content makes this throw; what {@link SecretKeys} throws comes through.
     *
     * @return the access key, or why the request was refused; an unknown access key and a wrong signature look the same
     */
    public Verification verify(SignedRequest request) {
        try {
            Authorization authorization = Authorization.parse(request.values("authorization"));
            SortedMap<String, String> signed = signedHeaders(request, authorization);
            SdkDate date = SdkDate.parse(signed.get(DATE_HEADER));
            date.checkWithinWindow(clock.instant());
            checkScope(authorization, date);
            String payloadHash = payloadHash(request, authorization, signed);
            String canonical = canonicalText(request, signed, payloadHash);
            String stringToSign = authorization.algorithm().stringToSign(authorization, date.text(), canonical);
            return checkSignature(authorization, stringToSign);
        } catch (SignatureRefusedException refused) {
            return refused.refusal();
        }
    }

    private static SortedMap<String, String> signedHeaders(SignedRequest request, Authorization authorization)
            throws SignatureRefusedException {
        SortedMap<String, String> signed = new TreeMap<>();
        for (String name : authorization.signedHeaders()) {
            List<String> values = request.values(name);
            if (values.isEmpty()) {
                throw new SignatureRefusedException(
                        SIGNED_HEADER_MISSING, "Header " + name + " is in SignedHeaders but not in the request.");
            }
            // Neither the first, the last nor a joined value is safe: proxies and frameworks each pick another, so the
            // value that is verified might not be the one that is used. No SDK can send two.
            if (values.size() > 1) {
                throw new SignatureRefusedException(
                        SIGNED_HEADER_REPEATED, "Header " + name + " is signed, so it must be sent once only.");
            }
            signed.put(name, values.getFirst());
        }
        return signed;
    }

    private static void checkScope(Authorization authorization, SdkDate date) throws SignatureRefusedException {
        String scope = authorization.scope();
        if (scope != null && !scope.startsWith(date.day() + "/")) {
            throw new SignatureRefusedException(
                    SCOPE_DATE_MISMATCH, "The day in Credential must be that of X-Sdk-Date, " + date.day() + ".");
        }
    }

    /** The hash that belongs in the canonical text. A hash header that is not signed proves nothing and is ignored. */
    private static String payloadHash(
            SignedRequest request, Authorization authorization, SortedMap<String, String> signed)
            throws SignatureRefusedException {
        HashFamily hashFamily = authorization.algorithm().hashFamily();
        @Nullable String payloadHash = signed.get(hashFamily.contentHeader());
        if (payloadHash == null) {
            return hashFamily.hexHash(request.body());
        }
        if (!payloadHash.equals(UNSIGNED_PAYLOAD)
                && !payloadHash.equalsIgnoreCase(hashFamily.hexHash(request.body()))) {
            throw new SignatureRefusedException(
                    BODY_MISMATCH,
                    "Header " + hashFamily.contentHeader() + " is not the hash of the body: send its lower-case hex, "
                            + UNSIGNED_PAYLOAD + ", or leave it out.");
        }
        return payloadHash;
    }

    private static String canonicalText(SignedRequest request, SortedMap<String, String> signed, String payloadHash)
            throws SignatureRefusedException {
        try {
            return new CanonicalRequest(request.method(), request.rawPath(), request.rawQuery(), signed, payloadHash)
                    .text();
        } catch (IllegalArgumentException malformed) {
            throw new SignatureRefusedException(
                    MALFORMED_REQUEST, "Malformed request: " + malformed.getMessage() + ".");
        }
    }

    private Verification checkSignature(Authorization authorization, String stringToSign)
            throws SignatureRefusedException {
        Optional<SecretAccessKey> secret = secretKeys.find(authorization.accessKey());
        // An unknown key costs the same work as a known one, so time does not tell which keys exist.
        boolean matches = authorization.algorithm().matches(authorization, secret.orElse(dummySecret), stringToSign);
        if (secret.isEmpty() || !matches) {
            throw new SignatureRefusedException(
                    SIGNATURE_MISMATCH,
                    "The access key is unknown, or the signature does not match the request. Check access key, secret "
                            + "key, and that nothing between client and server changes the request.");
        }
        return new Verification.Verified(authorization.accessKey());
    }
}
