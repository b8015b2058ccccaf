package io.keysweep.server.iam;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.Optional;

/**
 * Keeps the expiry of a token in an attribute of its request, so that a long response ends when the token expires.
 *
 * <p>The service checks the token only at the beginning of the request. An event stream, for example, can last longer
 * than the token is valid.
 */
public final class TokenExpiry {

    private static final String ATTRIBUTE = TokenExpiry.class.getName();

    private TokenExpiry() {}

    /** Stores the first instant at which the token of a request is no longer valid. */
    public static void remember(HttpServletRequest request, Instant expiresAt) {
        request.setAttribute(ATTRIBUTE, expiresAt);
    }

    /** Returns when the token of a request expires; empty if the request has a signature instead. */
    public static Optional<Instant> of(HttpServletRequest request) {
        return Optional.ofNullable(request.getAttribute(ATTRIBUTE)).map(Instant.class::cast);
    }
}
