package io.keysweep.server.iam.authentication;

import io.keysweep.server.admission.ClientLimits;
import io.keysweep.server.admission.HeadCredentials;
import io.keysweep.server.admission.RequestBodies;
import io.keysweep.server.audit.AuditTrail;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.FieldProblem;
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
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Authenticates the caller of each request by the signature in {@code Authorization} or the token in {@code
 * X-Auth-Token}. If an OpenID Connect issuer is configured, {@code Authorization} can also have a bearer token of the
 * issuer.
 *
 * <p>A request with neither header, or with empty headers, passes without a caller. Spring Security refuses it later,
 * except if its path is public. A request with both headers is authenticated by its signature. A request for a token
 * has its credentials in its body, so the headers are ignored ({@link HeadCredentials#isTokenRequest}).
 *
 * <p>Because a signature covers the body, the filter reads the whole body into memory. To keep strangers from using
 * that memory, it first checks all credentials that do not depend on the body. The size of a body is limited.
 *
 * <p>The filter makes the caller the principal of Spring Security. It answers a refused request itself, with an error.
 */
final class AuthenticationFilter extends OncePerRequestFilter {

    /** The maximum size of an ordinary request body, larger than any request needs. */
    private static final int MAX_BODY_BYTES = 256 * 1024;

    /** The maximum size of a fleet document, which can hold many instances with their certificates. */
    private static final int MAX_FLEET_BODY_BYTES = 8 * 1024 * 1024;

    /** The path to which clients send a fleet document: all instances (registered servers) of a project. */
    private static final String FLEET_PATH = "/api/v1/instances/apply";

    /** The maximum size of the body of a request without credentials, which requests a token. */
    private static final int MAX_PUBLIC_BODY_BYTES = 16 * 1024;

    /** The prefix of the paths of the IAM API, where clients request a token without credentials in the head. */
    private static final String PUBLIC_PATHS = "/v3/";

    /** The beginning of an {@code Authorization} header with a token of an OpenID Connect issuer. */
    private static final String BEARER = "Bearer ";

    private final SignatureVerifier verifier;
    private final TokenIssuer tokens;
    private final CallerLookup callers;
    private final @Nullable BearerTokens bearers;
    private final OidcCallers oidcCallers;
    private final InstantSource clock;
    private final RequestBodies bodies;
    private final ClientLimits limits;
    private final HandlerExceptionResolver errors;

    AuthenticationFilter(
            SignatureVerifier verifier,
            TokenIssuer tokens,
            CallerLookup callers,
            @Nullable BearerTokens bearers,
            OidcCallers oidcCallers,
            InstantSource clock,
            RequestBodies bodies,
            ClientLimits limits,
            HandlerExceptionResolver errors) {
        this.verifier = verifier;
        this.tokens = tokens;
        this.callers = callers;
        this.bearers = bearers;
        this.oidcCallers = oidcCallers;
        this.clock = clock;
        this.bodies = bodies;
        this.limits = limits;
        this.errors = errors;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        // Authenticate the caller and read the body.
        ClientLimits.CountedUse use = () -> {};
        CachedBodyRequest cached;
        try {
            Optional<Caller> caller = Optional.empty();
            byte[] body = new byte[0];
            if (HeadCredentials.isTokenRequest(request)) {
                body = bodies.read(request, MAX_PUBLIC_BODY_BYTES);
            } else if (bearers != null && isBearer(request.getHeader("Authorization"))) {
                caller = Optional.of(recordForAudit("oidc", verifyBearerToken(request, bearers)));
                body = bodies.read(request, maxBytes(request));
            } else if (HeadCredentials.isSent(request, HeadCredentials.AUTHORIZATION)) {
                checkHead(request);
                body = bodies.read(request, maxBytes(request));
                caller = Optional.of(recordForAudit("access-key", verifySignature(request, body)));
            } else if (HeadCredentials.isSent(request, HeadCredentials.TOKEN)) {
                caller = Optional.of(recordForAudit("token", verifyToken(request)));
                body = bodies.read(request, maxBytes(request));
            } else if (request.getRequestURI().startsWith(PUBLIC_PATHS)) {
                body = bodies.read(request, MAX_PUBLIC_BODY_BYTES);
            }
            requirePlainBody(request);
            if (caller.isPresent()) {
                // No later line may refuse the request, because the catch block does not close the use. A refused
                // request would then be counted for ever as an open request of the key.
                use = limits.beginRequest(caller.get().accessKey());
                setPrincipal(caller.get());
            }
            cached = new CachedBodyRequest(request, body);
        } catch (RuntimeException e) {
            errors.resolveException(request, response, /* handler= */ null, countRefusal(request, e));
            bodies.release(request);
            return;
        }

        // Let the controllers answer.
        try {
            chain.doFilter(cached, response);
        } finally {
            use.close();
            // On the port of the APIs, another filter releases the body again, which has no effect. The port of the
            // metrics does not have that filter.
            bodies.release(request);
        }
    }

    /** Records the caller for the audit log, so that the entry names it even if a later step refuses the request. */
    private static Caller recordForAudit(String kind, Caller caller) {
        AuditTrail.caller(kind, caller.accessKey(), caller.projectId());
        AuditTrail.owner(caller.owner());
        return caller;
    }

    /**
     * Counts a request that has wrong credentials, and returns the exception that refuses the request.
     *
     * <p>A request with wrong credentials is counted toward the limit of the client's address. A request with a valid
     * token of a person who has no rights is counted, too. Expired tokens are not counted. If the address has sent too
     * many of these requests, the returned exception says that instead.
     */
    private RuntimeException countRefusal(HttpServletRequest request, RuntimeException reason) {
        try {
            // A person without rights (NOT_MAPPED) has valid credentials, but is no caller whose requests are limited.
            if (reason instanceof RequestRefusedException refused
                    && (refused.code() == ErrorCode.INVALID_TOKEN || refused.code() == ErrorCode.NOT_MAPPED)) {
                limits.countAnonymous(request.getRemoteAddr());
            }
            return reason;
        } catch (RequestRefusedException tooMany) {
            return tooMany;
        }
    }

    /**
     * Refuses a compressed body, because no operation decompresses it. Also refuses a body with two types, because a
     * proxy could choose one type and the service the other.
     */
    private static void requirePlainBody(HttpServletRequest request) {
        String coding = String.join(", ", Collections.list(request.getHeaders(HttpHeaders.CONTENT_ENCODING)));
        if (!Stream.of(coding.split(",", -1))
                .map(String::strip)
                .allMatch(each -> each.isEmpty() || each.equalsIgnoreCase("identity"))) {
            throw RequestRefusedException.of(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                    "Content-Encoding is '" + coding + "', must be identity: send the body uncompressed.");
        }
        List<String> types = Collections.list(request.getHeaders(HttpHeaders.CONTENT_TYPE)).stream()
                .distinct()
                .toList();
        if (types.size() > 1) {
            throw RequestRefusedException.of(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                    FieldProblem.of(HttpHeaders.CONTENT_TYPE, String.join(", ", types), "sent once")
                            .sentence());
        }
    }

    private static int maxBytes(HttpServletRequest request) {
        return request.getRequestURI().equals(FLEET_PATH) ? MAX_FLEET_BODY_BYTES : MAX_BODY_BYTES;
    }

    /** Makes the caller the principal of Spring Security for this request. */
    private static void setPrincipal(Caller caller) {
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(
                UsernamePasswordAuthenticationToken.authenticated(caller, /* credentials= */ null, List.of()));
        SecurityContextHolder.setContext(context);
    }

    /**
     * Refuses a signed request before its body is read, if the headers alone show that it is wrong, for example by an
     * unknown access key. Does nothing for a request without a body, because its complete verification follows
     * immediately.
     */
    private void checkHead(HttpServletRequest request) {
        if (RequestBodies.hasBody(request)) {
            verifier.checkHead(signedRequest(request, new byte[0])).ifPresent(refused -> {
                throw RequestRefusedException.of(ErrorCode.INVALID_TOKEN, refused.text());
            });
        }
    }

    private static SignedRequest signedRequest(HttpServletRequest request, byte[] body) {
        return new SignedRequest(
                request.getMethod(), request.getRequestURI(), request.getQueryString(), headers(request), body);
    }

    /** Returns the caller whose signature the request has; refuses the request if the signature is wrong. */
    private Caller verifySignature(HttpServletRequest request, byte[] body) {
        return switch (verifier.verify(signedRequest(request, body))) {
            case SignatureVerification.Verified verified -> callers.require(verified.accessKey());
            case SignatureVerification.Refused refused ->
                throw RequestRefusedException.of(ErrorCode.INVALID_TOKEN, refused.text());
        };
    }

    /** Returns the caller of a token, and stores its expiry in the request; refuses an invalid or expired token. */
    private Caller verifyToken(HttpServletRequest request) {
        String token = requireOne(request, HeadCredentials.TOKEN);
        Instant now = clock.instant();
        return switch (tokens.verify(token, now)) {
            case TokenVerification.Valid valid -> {
                TokenExpiry.remember(request, valid.expiresAt());
                yield callers.require(valid.subject());
            }
            case TokenVerification.Expired expired ->
                throw RequestRefusedException.of(ErrorCode.TOKEN_EXPIRED, expired.reason(now));
            case TokenVerification.Invalid invalid ->
                throw RequestRefusedException.of(
                        ErrorCode.INVALID_TOKEN, "X-Auth-Token is not a token that this service has issued.");
        };
    }

    private static boolean isBearer(@Nullable String authorization) {
        return authorization != null
                && authorization.regionMatches(/* ignoreCase= */ true, 0, BEARER, 0, BEARER.length());
    }

    /** Returns the caller of a bearer token of the issuer, and stores its expiry in the request. */
    private Caller verifyBearerToken(HttpServletRequest request, BearerTokens verifier) {
        BearerTokens.Bearer bearer = verifier.verify(
                requireOne(request, "Authorization").substring(BEARER.length()).strip());
        TokenExpiry.remember(request, bearer.expiresAt());
        return oidcCallers.require(bearer.person());
    }

    /** Returns the value of a header with credentials; refuses a header that is sent twice, which is ambiguous. */
    private static String requireOne(HttpServletRequest request, String header) {
        List<String> values = Collections.list(request.getHeaders(header));
        if (values.size() > 1) {
            throw RequestRefusedException.of(ErrorCode.INVALID_TOKEN, header + " header: send it once.");
        }
        return values.getFirst();
    }

    /** Returns all headers of a request with their values as the client has signed them. */
    private static Map<String, List<String>> headers(HttpServletRequest request) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (String name : Collections.list(request.getHeaderNames())) {
            headers.put(
                    name,
                    Collections.list(request.getHeaders(name)).stream()
                            .map(AuthenticationFilter::asSigned)
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
