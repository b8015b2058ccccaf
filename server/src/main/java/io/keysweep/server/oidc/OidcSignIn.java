package io.keysweep.server.oidc;

import com.nimbusds.jwt.JWTClaimsSet;
import io.keysweep.server.config.OidcSettings;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.OidcPerson;
import io.keysweep.server.iam.guessing.SecretCheck;
import io.keysweep.server.iam.guessing.WrongSecretLimit;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Signs people in through an OpenID Connect issuer, with the authorization code flow and with PKCE, state and nonce.
 *
 * <p>The standards are OpenID Connect Core 1.0 and RFC 7636. {@link #begin} sends the browser to the issuer, where the
 * person signs in. The issuer sends the browser back with a code, which {@link #finish} exchanges for the identity of
 * the person. In between, {@link SignInCookies} keeps the secrets in a cookie. Thread-safe.
 */
public final class OidcSignIn {

    private static final Logger LOG = LoggerFactory.getLogger(OidcSignIn.class);
    private static final int OK = 200;
    private static final int FIRST_SERVER_ERROR = 500;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final OidcSettings settings;
    private final Issuer issuer;
    private final JwtVerifier verifier;
    private final IssuerHttp http;
    private final SignInCookies cookies;
    private final WrongSecretLimit wrongCodes;

    OidcSignIn(
            OidcSettings settings,
            Issuer issuer,
            JwtVerifier verifier,
            IssuerHttp http,
            SignInCookies cookies,
            WrongSecretLimit wrongCodes) {
        this.settings = settings;
        this.issuer = issuer;
        this.verifier = verifier;
        this.http = http;
        this.cookies = cookies;
        this.wrongCodes = wrongCodes;
    }

    /**
     * Describes a sign-in that has begun.
     *
     * @param location URL of the issuer to which the browser must go
     * @param cookie text of a cookie that the browser must send when it comes back
     */
    public record Begun(URI location, String cookie) {}

    /**
     * Describes a sign-in that has succeeded.
     *
     * @param to path of the page that the person wants to see
     */
    public record FinishedSignIn(OidcPerson person, String to) {}

    /**
     * Begins a sign-in.
     *
     * @param redirectUri URL of the service to which the issuer sends the browser back
     * @param to path of the page that the person wants to see after the sign-in
     * @throws RequestRefusedException if the issuer does not answer
     */
    public Begun begin(String redirectUri, String to) {
        SignInCookies.Secrets secrets = cookies.create(to);
        Map<String, String> query = new LinkedHashMap<>();
        query.put("response_type", "code");
        query.put("client_id", settings.clientId());
        query.put("redirect_uri", redirectUri);
        query.put("scope", settings.scopes());
        query.put("state", secrets.state());
        query.put("nonce", secrets.nonce());
        query.put("code_challenge", secrets.challenge());
        query.put("code_challenge_method", "S256");
        URI endpoint = issuer.endpoints().authorization();
        String separator = endpoint.getRawQuery() == null ? "?" : "&";
        return new Begun(
                URI.create(endpoint
                        + separator
                        + query.entrySet().stream()
                                .map(field -> field.getKey() + "=" + encode(field.getValue()))
                                .collect(Collectors.joining("&"))),
                cookies.seal(secrets));
    }

    /**
     * Finishes a sign-in: exchanges the code for an ID token and verifies it.
     *
     * @param cookie text of the cookie that {@link #begin} has returned; null if the browser has sent none
     * @param state the state that the issuer has sent back; null if there is none
     * @param code code of the issuer; null if the issuer has refused the sign-in
     * @param redirectUri the same URL as in {@link #begin}
     * @param address address of the client, which is refused for a while after too many wrong codes
     * @throws RequestRefusedException in each of these cases: the sign-in was not begun in this browser; the address
     *     has sent too many wrong codes; the issuer refuses the code or does not answer; the ID token is not valid
     */
    public FinishedSignIn finish(
            @Nullable String cookie,
            @Nullable String state,
            @Nullable String code,
            String redirectUri,
            String address) {
        SignInCookies.Secrets secrets = cookies.open(cookie, state);
        if (code == null) {
            throw JwtVerifier.invalid("is missing: the issuer has refused the sign-in");
        }
        String token = switch (wrongCodes.check(
                address, WrongSecretLimit.UNKNOWN_PERSON, () -> exchange(code, secrets, redirectUri))) {
            case SecretCheck.Right<String> right -> right.found();
            case SecretCheck.Wrong<String> wrong ->
                throw JwtVerifier.invalid("is missing: the issuer has refused the sign-in");
            case SecretCheck.Refused<String> refused -> throw refused.reason().error();
        };
        JWTClaimsSet claims = verifier.verify(token, settings.clientId());
        if (!secrets.nonce().equals(claims.getClaim("nonce"))) {
            throw JwtVerifier.invalid("is of another sign-in");
        }
        // The claim azp (authorized party) names the client that the token was issued to. A token for several receivers
        // must have it.
        Object authorizedParty = claims.getClaim("azp");
        boolean isForAnotherClient = authorizedParty == null
                ? claims.getAudience().size() > 1
                : !settings.clientId().equals(authorizedParty);
        if (isForAnotherClient) {
            throw JwtVerifier.invalid("is for another client");
        }
        return new FinishedSignIn(PersonClaims.person(claims.getClaims(), settings), secrets.to());
    }

    /** Exchanges a code for an ID token; empty if the issuer refuses the code. */
    private Optional<String> exchange(String code, SignInCookies.Secrets secrets, String redirectUri) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "authorization_code");
        form.put("code", code);
        form.put("redirect_uri", redirectUri);
        form.put("client_id", settings.clientId());
        form.put("code_verifier", secrets.verifier());
        IssuerHttp.IssuerReply reply;
        try {
            reply = http.post(issuer.endpoints().token(), form, authorization());
        } catch (IOException e) {
            LOG.warn("The OpenID Connect issuer {} cannot be used: {}", settings.issuer(), e.getMessage());
            throw Issuer.unavailable();
        }
        if (reply.status() >= FIRST_SERVER_ERROR) {
            LOG.warn("The OpenID Connect issuer answers a code with status {}", reply.status());
            throw Issuer.unavailable();
        }
        if (reply.status() != OK) {
            // The code can be wrong, or the client id or client secret in the settings of the service.
            LOG.warn("The OpenID Connect issuer refuses a code with status {}", reply.status());
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readTree(reply.body()).path("id_token").asString(""));
        } catch (JacksonException e) {
            throw JwtVerifier.invalid("is missing in the answer of the issuer");
        }
    }

    /** Returns the header that authenticates the service (RFC 6749, section 2.3.1); null for a public client. */
    private @Nullable String authorization() {
        String secret = settings.clientSecret();
        return secret == null
                ? null
                : "Basic "
                        + Base64.getEncoder()
                                .encodeToString((encode(settings.clientId()) + ":" + encode(secret))
                                        .getBytes(StandardCharsets.US_ASCII));
    }

    /** Encodes a text for a query or a form. */
    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
