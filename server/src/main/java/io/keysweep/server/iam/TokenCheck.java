package io.keysweep.server.iam;

import java.time.Instant;

/** What {@link TokenIssuer} found. */
public sealed interface TokenCheck {

    /** The token is ours and still good; whether its access key still exists is for the caller to look up. */
    record Valid(String accessKey, String projectId, Instant expiresAt) implements TokenCheck {}

    /** The token is ours, but its time is over. */
    record Expired() implements TokenCheck {}

    /** The token is not one of ours. */
    record Invalid() implements TokenCheck {}
}
