package io.keysweep.server.iam.authentication;

import io.keysweep.server.admission.HeadCredentials;
import io.keysweep.server.admission.RequestBodies;
import io.keysweep.server.audit.AuditTrail;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.CallerLookup;
import io.keysweep.server.iam.TokenExpiry;
import io.keysweep.server.iam.TokenIssuer;
import io.keysweep.server.iam.TokenVerification;
import io.keysweep.server.iam.principal.OidcCallers;
import io.keysweep.server.iam.signature.SignatureVerification;
import io.keysweep.server.iam.signature.SignatureVerifier;
import io.keysweep.server.iam.signature.SignedRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Component;

/**
 * Finds the caller of a request by the signature in {@code Authorization} or the token in {@code X-Auth-Token}. If an
 * OpenID Connect issuer is configured, {@code Authorization} can also have a bearer token of the issuer.
 *
 * <p>Wrong credentials are refused with a {@link RequestRefusedException}. The caller is recorded for the audit log.
 * Thread-safe.
 */
@Component
@ConditionalOnWebApplication
final class CallerAuthentication {

    /** The beginning of an {@code Authorization} header with a token of an OpenID Connect issuer. */
    private static final String BEARER = "Bearer ";

    private final SignatureVerifier verifier;
    private final TokenIssuer tokens;
    private final CallerLookup callers;

    /** Verifies bearer tokens; null if no issuer is configured. */
    private final @Nullable BearerTokens bearers;

    private final OidcCallers oidcCallers;
    private final InstantSource clock;

    CallerAuthentication(
            SignatureVerifier verifier,
            TokenIssuer tokens,
            CallerLookup callers,
            ObjectProvider<BearerTokens> bearers,
            OidcCallers oidcCallers,
            InstantSource clock) {
        this.verifier = verifier;
        this.tokens = tokens;
        this.callers = callers;
        this.bearers = bearers.getIfAvailable();
        this.oidcCallers = oidcCallers;
        this.clock = clock;
    }

    /** Returns whether a request has a bearer token, and an issuer of such tokens is configured. */
    boolean isByBearerToken(HttpServletRequest request) {
        String authorization = request.getHeader("Authorization");
        return bearers != null
                && authorization != null
                && authorization.regionMatches(/* ignoreCase= */ true, 0, BEARER, 0, BEARER.length());
    }

    /** Returns the caller of a bearer token of the issuer, and stores its expiry in the request. */
    Caller byBearerToken(HttpServletRequest request) {
        BearerTokens.Bearer bearer = Objects.requireNonNull(bearers)
                .verify(requireOne(request, "Authorization")
                        .substring(BEARER.length())
                        .strip());
        TokenExpiry.remember(request, bearer.expiresAt());
        return recordForAudit("oidc", oidcCallers.require(bearer.person()));
    }

    /**
     * Refuses a signed request before its body is read, if the headers alone show that it is wrong, for example by an
     * unknown access key. Does nothing for a request without a body, because its complete verification follows
     * immediately.
     */
    void checkHead(HttpServletRequest request) {
        if (RequestBodies.hasBody(request)) {
            verifier.checkHead(signedRequest(request, new byte[0])).ifPresent(refused -> {
                throw RequestRefusedException.of(ErrorCode.INVALID_TOKEN, refused.text());
            });
        }
    }

    /** Returns the caller whose signature the request has; refuses the request if the signature is wrong. */
    Caller bySignature(HttpServletRequest request, byte[] body) {
        return switch (verifier.verify(signedRequest(request, body))) {
            case SignatureVerification.Verified verified ->
                recordForAudit("access-key", callers.require(verified.accessKey()));
            case SignatureVerification.Refused refused ->
                throw RequestRefusedException.of(ErrorCode.INVALID_TOKEN, refused.text());
        };
    }

    /** Returns the caller of a token, and stores its expiry in the request; refuses an invalid or expired token. */
    Caller byToken(HttpServletRequest request) {
        String token = requireOne(request, HeadCredentials.TOKEN);
        Instant now = clock.instant();
        return switch (tokens.verify(token, now)) {
            case TokenVerification.Valid valid -> {
                TokenExpiry.remember(request, valid.expiresAt());
                yield recordForAudit("token", callers.require(valid.subject()));
            }
            case TokenVerification.Expired expired ->
                throw RequestRefusedException.of(ErrorCode.TOKEN_EXPIRED, expired.reason(now));
            case TokenVerification.Invalid invalid ->
                throw RequestRefusedException.of(
                        ErrorCode.INVALID_TOKEN, "X-Auth-Token is not a token that this service has issued.");
        };
    }

    /** Records the caller for the audit log, so that the entry names it even if a later step refuses the request. */
    private static Caller recordForAudit(String kind, Caller caller) {
        AuditTrail.caller(kind, caller.accessKey(), caller.projectId());
        AuditTrail.owner(caller.owner());
        return caller;
    }

    /** Returns the value of a header with credentials; refuses a header that is sent twice, which is ambiguous. */
    private static String requireOne(HttpServletRequest request, String header) {
        List<String> values = Collections.list(request.getHeaders(header));
        if (values.size() > 1) {
            throw RequestRefusedException.of(ErrorCode.INVALID_TOKEN, header + " header: send it once.");
        }
        return values.getFirst();
    }

    private static SignedRequest signedRequest(HttpServletRequest request, byte[] body) {
        return new SignedRequest(
                request.getMethod(), request.getRequestURI(), request.getQueryString(), headers(request), body);
    }

    /** Returns all headers of a request with their values as the client has signed them. */
    private static Map<String, List<String>> headers(HttpServletRequest request) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (String name : Collections.list(request.getHeaderNames())) {
            headers.put(
                    name,
                    Collections.list(request.getHeaders(name)).stream()
                            .map(CallerAuthentication::asSigned)
                            .toList());
        }
        return headers;
    }

    /**
     * Returns the text of a header as the client has signed it.
     *
     * <p>Clients sign the text, but send it in different encodings if it is not ASCII: curl and Go in UTF-8, Python in
     * Latin-1. Tomcat reads each byte as one character, that is, as Latin-1.
     */
    private static String asSigned(String value) {
        if (value.chars().allMatch(c -> c < 0x80)) {
            return value;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            return value;
        }
    }
}
