package io.keysweep.server.iam.signature;

/** Reports whether {@link SignatureVerifier} has verified or refused a request. */
public sealed interface SignatureVerification {

    /**
     * Reports that the holder of an access key signed method, path, query, signed headers and body of the request.
     *
     * <p>Headers that are not signed may be forged. The body may also be forged, if the client has sent {@code
     * UNSIGNED-PAYLOAD} instead of its hash.
     *
     * @param accessKey access key id (AK) of the signer
     */
    record Verified(String accessKey) implements SignatureVerification {}

    /**
     * Reports that the request does not prove who sent it.
     *
     * @param reason reason of the refusal
     * @param text explanation for the client: what is wrong and what to do; contains no secret
     */
    record Refused(SignatureRefusalReason reason, String text) implements SignatureVerification {}
}
