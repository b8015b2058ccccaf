package io.keysweep.server.oidc;

import com.nimbusds.jwt.JWTClaimsSet;
import io.keysweep.server.config.OidcSettings;
import io.keysweep.server.iam.authentication.BearerTokens;

/** Verifies the bearer tokens of the issuer that name the audience of the setting {@code oidc.audience}. */
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
            // An ID token, whose audience is the client, must not open the APIs.
            throw JwtVerifier.invalid("is not accepted: the setting oidc.audience of the service is missing");
        }
        JWTClaimsSet claims = verifier.verify(token, audience);
        return new Bearer(
                PersonClaims.person(claims.getClaims(), settings),
                claims.getExpirationTime().toInstant());
    }
}
