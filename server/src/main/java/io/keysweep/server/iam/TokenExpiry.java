package io.keysweep.server.iam;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.Optional;

/**
 * Remembers in a request when its token expires, so that a response that lasts, such as an event stream, ends then.
 *
 * <p>The token is checked only once, at the beginning of the request. The expiry is an
 * attribute of the request.
 */
public final class TokenExpiry {

    private static final String ATTRIBUTE = TokenExpiry.class.getName();

    private TokenExpiry() {}

    /** Remembers the first instant at which the token of a request is no longer valid. */
    public static void remember(HttpServletRequest request, Instant expiresAt) {
        request.setAttribute(ATTRIBUTE, expiresAt);
    }

    /** Returns when the token of a request expires; empty if the request has a signature instead. */
    public static Optional<Instant> of(HttpServletRequest request) {
        return Optional.ofNullable(request.getAttribute(ATTRIBUTE)).map(Instant.class::cast);
    }
}
