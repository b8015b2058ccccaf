package io.keysweep.server.iam.signature;

/** Lists the reasons for which {@link SignatureVerifier} refuses a request. */
public enum SignatureRefusalReason {
    /** The request has no Authorization header. */
    NO_AUTHORIZATION,
    /** The Authorization header is too long, repeated or malformed. */
    MALFORMED_AUTHORIZATION,
    /** The Authorization header names an unknown scheme or algorithm. */
    UNSUPPORTED_ALGORITHM,
    /** The method, path, query or a header is malformed, so that it has no canonical form. */
    MALFORMED_REQUEST,
    /** A signed header is missing from the request. */
    SIGNED_HEADER_MISSING,
    /** A signed header occurs more than once in the request. */
    SIGNED_HEADER_REPEATED,
    /** X-Sdk-Date is not among the signed headers. */
    DATE_NOT_SIGNED,
    /** X-Sdk-Date is not a UTC time such as {@code 20261124T022953Z}. */
    MALFORMED_DATE,
    /** X-Sdk-Date differs from the server's time by more than 15 minutes. */
    DATE_OUTSIDE_WINDOW,
    /** The day in the credential's scope differs from the day of X-Sdk-Date. */
    SCOPE_DATE_MISMATCH,
    /** The signed hash of the body differs from the hash of the received body. */
    BODY_MISMATCH,
    /** The access key does not exist, or it was withdrawn. */
    UNKNOWN_ACCESS_KEY,
    /** The signature was made with another secret or over another request. */
    SIGNATURE_MISMATCH
}
