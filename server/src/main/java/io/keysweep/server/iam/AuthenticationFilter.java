package io.keysweep.server.iam;

import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Finds out who calls: by the signature in {@code Authorization}, or by the token in {@code X-Auth-Token}. A request
 * with neither goes on as nobody's, and is refused further on unless its path is open to all.
 */
final class AuthenticationFilter extends OncePerRequestFilter {

    /** No body of these APIs comes near it. */
    private static final int BODY_LIMIT = 256 * 1024;

    /** Of the one request that brings many instances with their certificates. */
    private static final int FLEET_LIMIT = 8 * 1024 * 1024;

    private static final String FLEET = "/api/v1/instances/apply";

    private final SignatureVerifier verifier;
    private final TokenIssuer tokens;
    private final Callers callers;
    private final InstantSource clock;
    private final HandlerExceptionResolver errors;

    AuthenticationFilter(
            SignatureVerifier verifier,
            TokenIssuer tokens,
            Callers callers,
            InstantSource clock,
            HandlerExceptionResolver errors) {
        this.verifier = verifier;
        this.tokens = tokens;
        this.callers = callers;
        this.clock = clock;
        this.errors = errors;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        CachedBodyRequest cached;
        try {
            byte[] body = body(request);
            authenticate(request, body);
            cached = new CachedBodyRequest(request, body);
        } catch (RuntimeException e) {
            errors.resolveException(request, response, null, e);
            return;
        }
        chain.doFilter(cached, response);
    }

    private static byte[] body(HttpServletRequest request) throws IOException {
        int limit = request.getRequestURI().equals(FLEET) ? FLEET_LIMIT : BODY_LIMIT;
        if (request.getContentLengthLong() > limit) {
            throw tooLarge(limit);
        }
        byte[] body = request.getInputStream().readNBytes(limit + 1);
        if (body.length > limit) {
            throw tooLarge(limit);
        }
        return body;
    }

    private static RequestRefusedException tooLarge(int limit) {
        return RequestRefusedException.of(
                ErrorCode.BODY_TOO_LARGE, "A request body has at most " + limit + " bytes here.");
    }

    private void authenticate(HttpServletRequest request, byte[] body) {
        @Nullable Caller caller;
        if (request.getHeader("Authorization") != null) {
            caller = bySignature(request, body);
        } else if (request.getHeader("X-Auth-Token") != null) {
            caller = byToken(request.getHeader("X-Auth-Token"));
        } else {
            return;
        }
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(UsernamePasswordAuthenticationToken.authenticated(caller, null, List.of()));
        SecurityContextHolder.setContext(context);
    }

    private Caller bySignature(HttpServletRequest request, byte[] body) {
        SignedRequest signed = new SignedRequest(
                request.getMethod(), request.getRequestURI(), request.getQueryString(), headers(request), body);
        return switch (verifier.verify(signed)) {
            case Verification.Verified verified -> caller(verified.accessKey());
            case Verification.Refused refused ->
                throw RequestRefusedException.of(ErrorCode.INVALID_TOKEN, refused.text());
        };
    }

    private Caller byToken(String token) {
        return switch (tokens.verify(token, clock.instant())) {
            case TokenCheck.Valid valid -> caller(valid.accessKey());
            case TokenCheck.Expired expired -> throw RequestRefusedException.of(ErrorCode.TOKEN_EXPIRED);
            case TokenCheck.Invalid invalid -> throw RequestRefusedException.of(ErrorCode.INVALID_TOKEN);
        };
    }

    private Caller caller(String accessKey) {
        return callers.of(accessKey).orElseThrow(() -> RequestRefusedException.of(ErrorCode.INVALID_TOKEN));
    }

    private static Map<String, List<String>> headers(HttpServletRequest request) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (String name : Collections.list(request.getHeaderNames())) {
            headers.put(name, Collections.list(request.getHeaders(name)));
        }
        return headers;
    }
}
