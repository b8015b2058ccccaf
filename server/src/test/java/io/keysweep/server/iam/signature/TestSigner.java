package io.keysweep.server.iam.signature;

import io.keysweep.api.signature.CanonicalRequest;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;

/** Adds correct signatures to requests that no SDK would send. */
final class TestSigner {

    private TestSigner() {}

    /** Adds a valid {@code SDK-HMAC-SHA256} Authorization header that signs the named headers. */
    static SignedRequest sign(SignedRequest request, AccessKeyPair key, String... signedNames) {
        return signAs("SDK-HMAC-SHA256 Access=" + key.accessKey(), request, key, signedNames);
    }

    /** Adds a valid Authorization header that begins with the given text and signs the named headers. */
    static SignedRequest signAs(String credential, SignedRequest request, AccessKeyPair key, String... signedNames) {
        String unsigned = credential + ", SignedHeaders=" + String.join(";", signedNames) + ", Signature=";
        String signature = HexFormat.of().formatHex(signature(request, key, unsigned, signedNames));
        return ChangedRequests.withHeader(request, "authorization", unsigned + signature);
    }

    private static byte[] signature(SignedRequest request, AccessKeyPair key, String unsigned, String... signedNames) {
        try {
            AuthorizationHeader authorization = AuthorizationHeader.parse(List.of(unsigned + "0".repeat(64)));
            TreeMap<String, String> signed = new TreeMap<>();
            for (String name : signedNames) {
                signed.put(name, request.values(name).isEmpty() ? "" : ChangedRequests.value(request, name));
            }
            String payloadHash =
                    signed.getOrDefault("x-sdk-content-sha256", HashAlgorithm.SHA256.hexHash(request.body()));
            String canonical = new CanonicalRequest(
                            request.method(), request.rawPath(), request.rawQuery(), signed, payloadHash)
                    .text();
            String date = signed.getOrDefault("x-sdk-date", "").strip();
            String stringToSign = authorization.algorithm().stringToSign(authorization, date, canonical);
            byte[] secret = key.secretKey().bytes();
            byte[] signingKey = authorization.scope() == null
                    ? secret
                    : HexFormat.of()
                            .formatHex(HkdfSha256.deriveKey(secret, key.accessKey(), authorization.scope()))
                            .getBytes(StandardCharsets.US_ASCII);
            return HashAlgorithm.SHA256.hmac(signingKey, stringToSign.getBytes(StandardCharsets.UTF_8));
        } catch (SignatureRefusedException e) {
            throw new AssertionError(e);
        }
    }
}
