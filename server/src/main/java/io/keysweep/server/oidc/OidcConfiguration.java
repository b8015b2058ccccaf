package io.keysweep.server.oidc;

import io.keysweep.engine.egress.EgressGate;
import io.keysweep.server.config.OidcSettings;
import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.iam.SecretBox;
import io.keysweep.server.iam.guessing.WrongSecretLimit;
import java.time.InstantSource;
import java.util.Objects;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Configures OpenID Connect if the setting {@code oidc.issuer} is set. Otherwise the library for tokens is not loaded.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "keysweep.oidc", havingValue = "true")
class OidcConfiguration {

    @Bean
    IssuerHttp issuerHttp(EgressGate gate) {
        return new IssuerHttp(gate);
    }

    @Bean
    Issuer issuer(ServiceSettings settings, IssuerHttp http, InstantSource clock) {
        return new Issuer(oidc(settings), http::get, clock);
    }

    @Bean
    JwtVerifier jwtVerifier(ServiceSettings settings, Issuer issuer, InstantSource clock) {
        return new JwtVerifier(oidc(settings), issuer, clock);
    }

    @Bean
    IssuerBearerTokens issuerBearerTokens(ServiceSettings settings, JwtVerifier verifier) {
        return new IssuerBearerTokens(oidc(settings), verifier);
    }

    @Bean
    OidcSignIn oidcSignIn(
            ServiceSettings settings,
            Issuer issuer,
            JwtVerifier verifier,
            IssuerHttp http,
            SecretBox box,
            WrongSecretLimit wrongCodes,
            InstantSource clock) {
        return new OidcSignIn(oidc(settings), issuer, verifier, http, new SignInCookies(box, clock), wrongCodes);
    }

    private static OidcSettings oidc(ServiceSettings settings) {
        return Objects.requireNonNull(settings.oidc());
    }
}
