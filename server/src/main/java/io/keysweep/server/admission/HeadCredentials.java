package io.keysweep.server.admission;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;

/**
 * Checks whether a request to the APIs has credentials in its headers.
 *
 * <p>{@link AdmissionFilter} counts requests without credentials. The filters that authenticate callers and readers of
 * the metrics count requests with wrong credentials. All of them must use this class. Otherwise one filter could treat
 * a request as authenticated and another one as anonymous, and no filter would count it.
 */
public final class HeadCredentials {

    /** The header of a signature, or of a token of an OpenID Connect issuer. */
    public static final String AUTHORIZATION = "Authorization";

    /** The header of a token of this service. */
    public static final String TOKEN = "X-Auth-Token";

    /** The operation that issues tokens. */
    private static final String TOKENS_PATH = "/v3/auth/tokens";

    private HeadCredentials() {}

    /**
     * Returns whether a request has credentials in its headers, right or wrong. Returns false for a request for a
     * token.
     */
    public static boolean areSent(HttpServletRequest request) {
        return !isTokenRequest(request) && (isSent(request, AUTHORIZATION) || isSent(request, TOKEN));
    }

    /**
     * Returns whether a request asks for a token. Its credentials are in its body. Credentials in its head are ignored,
     * because they may be the expired token that the client wants to replace.
     */
    public static boolean isTokenRequest(HttpServletRequest request) {
        return request.getMethod().equals("POST") && request.getRequestURI().equals(TOKENS_PATH);
    }

    /**
     * Returns whether a request has a header with a value. An empty header is ignored, because programs send one if the
     * variable with their token is not set.
     */
    public static boolean isSent(HttpServletRequest request, String header) {
        return Collections.list(request.getHeaders(header)).stream().anyMatch(value -> !value.isBlank());
    }
}
