package io.keysweep.server.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.keysweep.server.config.OidcSettings;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.Phrase;
import io.keysweep.server.error.RequestRefusedException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/**
 * Verifies the signature, the issuer, the audience and the times of JSON Web Tokens (RFC 7519).
 *
 * <p>A token must be signed with a public key of the issuer and an allowed algorithm. Unsigned tokens (algorithm {@code
 * none}) and tokens that are signed with a shared secret are refused. No message contains a part of a token.
 * Thread-safe.
 */
final class JwtVerifier {

    private static final int MAX_LENGTH = 16 * 1024;

    /** The maximum difference between the clocks of issuer and service. */
    private static final Duration SKEW = Duration.ofSeconds(30);

    private final OidcSettings settings;
    private final Issuer issuer;
    private final InstantSource clock;

    JwtVerifier(OidcSettings settings, Issuer issuer, InstantSource clock) {
        this.settings = settings;
        this.issuer = issuer;
        this.clock = clock;
    }

    /**
     * Verifies a token and returns its claims, which always contain an expiry.
     *
     * @param audience receiver that the issuer must have made the token for
     * @throws RequestRefusedException if the token is not valid or has expired, or if the issuer does not answer
     */
    JWTClaimsSet verify(String token, String audience) {
        if (token.length() > MAX_LENGTH) {
            throw invalid("is longer than " + MAX_LENGTH + " characters");
        }
        try {
            SignedJWT jwt = SignedJWT.parse(token);
            if (!settings.algorithms().contains(jwt.getHeader().getAlgorithm().getName())) {
                throw invalid("has a signature algorithm that oidc.algorithms does not allow");
            }
            verifySignature(jwt);
            JWTClaimsSet claims = jwt.getJWTClaimsSet();
            verifyClaims(claims, audience);
            return claims;
        } catch (ParseException | IllegalArgumentException e) {
            throw invalid("is not a signed JSON Web Token");
        }
    }

    private void verifySignature(SignedJWT jwt) {
        for (JWK key : issuer.keys(jwt.getHeader())) {
            if (key instanceof AsymmetricJWK publicKey && hasSignature(jwt, publicKey)) {
                return;
            }
        }
        throw invalid("is not signed with a key of the issuer");
    }

    private static boolean hasSignature(SignedJWT jwt, AsymmetricJWK key) {
        try {
            return jwt.verify(new DefaultJWSVerifierFactory().createJWSVerifier(jwt.getHeader(), key.toPublicKey()));
        } catch (JOSEException e) {
            // The key does not fit the algorithm of the token.
            return false;
        }
    }

    /** Refuses a token of another issuer, for another audience, or outside the time of its validity. */
    private void verifyClaims(JWTClaimsSet claims, String audience) {
        Instant now = clock.instant();
        if (!settings.issuer().equals(claims.getIssuer())) {
            throw invalid("is of another issuer");
        }
        if (!claims.getAudience().contains(audience)) {
            throw invalid("is for another audience");
        }
        Date expiry = claims.getExpirationTime();
        if (expiry == null) {
            throw invalid("has no expiry");
        }
        if (!now.isBefore(expiry.toInstant().plus(SKEW))) {
            throw RequestRefusedException.of(
                    ErrorCode.TOKEN_EXPIRED, "It expired at " + expiry.toInstant() + ". Request another token.");
        }
        if (isLater(claims.getNotBeforeTime(), now) || isLater(claims.getIssueTime(), now)) {
            throw invalid("is not valid yet");
        }
    }

    private static boolean isLater(@Nullable Date time, Instant now) {
        return time != null && time.toInstant().isAfter(now.plus(SKEW));
    }

    /** Returns the error for a token, with the message "The token", {@code problem} and a period. */
    static RequestRefusedException invalid(String problem) {
        return RequestRefusedException.of(ErrorCode.INVALID_TOKEN, Phrase.of("The token {0}.", Phrase.of(problem)));
    }
}
