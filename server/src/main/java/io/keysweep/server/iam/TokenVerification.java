package io.keysweep.server.iam;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Reports whether {@link TokenIssuer} finds a token valid, expired or invalid. */
public sealed interface TokenVerification {

    /**
     * Reports a valid token. The calling code must still find the caller, who can have been removed or disabled.
     *
     * @param subject subject of the caller that the token stands for, see {@link CallerLookup}
     * @param projectId id of the caller's project
     * @param expiresAt first instant at which the token is no longer valid
     */
    record Valid(String subject, String projectId, Instant expiresAt) implements TokenVerification {}

    /**
     * Reports a token of this service that has expired.
     *
     * @param expiresAt first instant at which the token was no longer valid
     */
    record Expired(Instant expiresAt) implements TokenVerification {

        /** Returns the reason of a refusal in two sentences, with the expiry and the time of the service. */
        public String reason(Instant now) {
            return "It expired at " + expiresAt + ", the server's time is " + now.truncatedTo(ChronoUnit.SECONDS)
                    + ". Request another token.";
        }
    }

    /** Reports a text that is not a token of this service. */
    record Invalid() implements TokenVerification {}
}
