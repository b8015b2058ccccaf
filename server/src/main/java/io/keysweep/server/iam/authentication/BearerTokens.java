package io.keysweep.server.iam.authentication;

import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.OidcPerson;
import java.time.Instant;

/** Verifies the tokens in {@code Authorization: Bearer}; exists only if an OpenID Connect issuer is configured. */
public interface BearerTokens {

    /**
     * Holds the person whom a valid token identifies, and the expiry of the token.
     *
     * @param expiresAt first instant at which the token is no longer valid
     */
    record Bearer(OidcPerson person, Instant expiresAt) {}

    /**
     * Verifies a token.
     *
     * @throws RequestRefusedException if the token is not valid, has expired, or cannot be checked because the issuer
     *     does not answer; no message contains a part of the token
     */
    Bearer verify(String token);
}
