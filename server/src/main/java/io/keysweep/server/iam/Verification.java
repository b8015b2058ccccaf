package io.keysweep.server.iam;

/** What {@link SignatureVerifier} found. */
public sealed interface Verification {

    /**
     * The holder of this access key sent just this request. Headers that are not among the signed ones are not vouched
     * for.
     *
     * @param accessKey access key id (AK)
     */
    record Verified(String accessKey) implements Verification {}

    /**
     * The request proves nothing about its sender.
     *
     * @param reason for metrics and error codes
     * @param text what is wrong and what to do about it; fit for the answer, holds no secret
     */
    record Refused(RefusalReason reason, String text) implements Verification {}
}
