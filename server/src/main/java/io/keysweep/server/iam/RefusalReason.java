package io.keysweep.server.iam;

/** Why a signature was refused. */
public enum RefusalReason {
    /** There is no Authorization header. */
    NO_AUTHORIZATION,
    /** The Authorization header is too long, repeated or not of the documented form. */
    MALFORMED_AUTHORIZATION,
    /** Authorization names a scheme or algorithm that is not ours. */
    UNSUPPORTED_ALGORITHM,
    /** Method, path, query or a header cannot be brought into canonical form. */
    MALFORMED_REQUEST,
    /** A header named as signed is not there. */
    SIGNED_HEADER_MISSING,
    /** A header named as signed is there more than once. */
    SIGNED_HEADER_REPEATED,
    /** X-Sdk-Date is not among the signed headers. */
    DATE_NOT_SIGNED,
    /** X-Sdk-Date is not a time of the documented form. */
    MALFORMED_DATE,
    /** X-Sdk-Date is too far from the server's time. */
    DATE_OUTSIDE_WINDOW,
    /** The day in the credential's scope is not that of X-Sdk-Date. */
    SCOPE_DATE_MISMATCH,
    /** The signed hash of the body is not that of the body. */
    BODY_MISMATCH,
    /** The access key is unknown, or the signature was made with another secret or over another request. */
    SIGNATURE_MISMATCH
}
