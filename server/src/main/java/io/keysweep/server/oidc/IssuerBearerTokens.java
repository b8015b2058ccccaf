package io.keysweep.server.oidc;

import com.nimbusds.jwt.JWTClaimsSet;
import io.keysweep.server.config.OidcSettings;
import io.keysweep.server.iam.authentication.BearerTokens;

/**
 * Verifies bearer tokens of the issuer, which must be for the audience that the setting {@code oidc.audience} names.
 */
final class IssuerBearerTokens implements BearerTokens {

    private final OidcSettings settings;
    private final JwtVerifier verifier;

    IssuerBearerTokens(OidcSettings settings, JwtVerifier verifier) {
        this.settings = settings;
        this.verifier = verifier;
    }

    @Override
    public Bearer verify(String token) {
        String audience = settings.audience();
        if (audience == null) {
            // The setting has no default. With the client id of the console as the default, an ID token of a sign-in
            // would give access to the APIs.
            throw JwtVerifier.invalid("is not accepted: the setting oidc.audience of the service is missing");
        }
        JWTClaimsSet claims = verifier.verify(token, audience);
        return new Bearer(
                PersonClaims.person(claims.getClaims(), settings),
                claims.getExpirationTime().toInstant());
    }
}
