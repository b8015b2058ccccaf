package io.keysweep.server.metrics;

import io.keysweep.server.admission.ClientLimits;
import io.keysweep.server.admission.HeadCredentials;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Refuses requests for the metrics page without the right token, if the settings have a token.
 *
 * <p>Clients send the token as {@code Authorization: Bearer TOKEN} (RFC 6750). Requests for health need no token.
 *
 * <p>The filter also hides {@code Accept} headers with formats that no page has, such as {@code text/html} of a
 * browser. Every client then gets the page in its default format. Thread-safe.
 */
final class ProbeFilter extends OncePerRequestFilter {

    static final String PATH = "/metrics";

    /** Matches the page in every spelling of its path, such as {@code /%6Detrics}, as the page itself does. */
    private static final RequestMatcher METRICS_PAGE =
            PathPatternRequestMatcher.withDefaults().matcher(PATH);

    private static final String SCHEME = "Bearer ";

    /** The token in UTF-8; null if everybody may read the metrics. */
    private final byte @Nullable [] token;

    private final ClientLimits limits;
    private final HandlerExceptionResolver errors;

    /**
     * Creates a filter.
     *
     * @param token the token that clients must send, or null for none
     * @param limits counts requests with wrong tokens
     * @param errors answers the requests that are refused
     */
    ProbeFilter(@Nullable String token, ClientLimits limits, HandlerExceptionResolver errors) {
        this.token = token == null ? null : token.getBytes(StandardCharsets.UTF_8);
        this.limits = limits;
        this.errors = errors;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        boolean isMetricsPage = METRICS_PAGE.matches(request);
        // The metrics page has a second format, OpenMetrics, for clients that accept it.
        HttpServletRequest requestToServe =
                new ProbeRequest(request, /* keepsAccept= */ isMetricsPage && acceptsOpenMetrics(request));
        if (token == null || !isMetricsPage) {
            chain.doFilter(requestToServe, response);
            return;
        }
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        // The scheme may be in upper or lower case (RFC 9110, section 11.1).
        boolean hasBearer =
                header != null && header.regionMatches(/* ignoreCase= */ true, 0, SCHEME, 0, SCHEME.length());
        if (hasBearer && isToken(header.substring(SCHEME.length()))) {
            chain.doFilter(requestToServe, response);
        } else {
            RequestRefusedException refusal = refusal(request, hasBearer);
            if (refusal.code() != ErrorCode.TOO_MANY_REQUESTS) {
                response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"keysweep metrics\"");
            }
            errors.resolveException(request, response, /* handler= */ null, refusal);
        }
    }

    /**
     * Returns the exception that refuses a request, and counts wrong credentials toward the limit of the address.
     * Requests without credentials were counted before.
     */
    private RequestRefusedException refusal(HttpServletRequest request, boolean hasBearer) {
        try {
            if (HeadCredentials.areSent(request)) {
                limits.countAnonymous(request.getRemoteAddr());
            }
            return RequestRefusedException.of(hasBearer ? ErrorCode.INVALID_TOKEN : ErrorCode.NO_TOKEN);
        } catch (RequestRefusedException tooMany) {
            return tooMany;
        }
    }

    /**
     * Returns whether a text is the token. Compares in constant time, so that response times reveal nothing about the
     * token.
     */
    private boolean isToken(String sentToken) {
        return MessageDigest.isEqual(sentToken.strip().getBytes(StandardCharsets.UTF_8), token);
    }

    private static boolean acceptsOpenMetrics(HttpServletRequest request) {
        String acceptHeader = request.getHeader(HttpHeaders.ACCEPT);
        return acceptHeader != null && acceptHeader.contains("application/openmetrics-text");
    }

    /**
     * Hides the headers {@code Content-Type} and {@code Accept} of a request.
     *
     * <p>Spring refuses a {@code Content-Type} with a wildcard, although these requests have no body. It also refuses
     * an {@code Accept} header without a format that the page has.
     */
    private static final class ProbeRequest extends HttpServletRequestWrapper {

        private final boolean keepsAccept;

        private ProbeRequest(HttpServletRequest request, boolean keepsAccept) {
            super(request);
            this.keepsAccept = keepsAccept;
        }

        private boolean hides(String name) {
            return HttpHeaders.CONTENT_TYPE.equalsIgnoreCase(name)
                    || (!keepsAccept && HttpHeaders.ACCEPT.equalsIgnoreCase(name));
        }

        @Override
        public @Nullable String getContentType() {
            return null;
        }

        @Override
        public @Nullable String getHeader(String name) {
            return hides(name) ? null : super.getHeader(name);
        }

        @Override
        public Enumeration<String> getHeaders(String name) {
            return hides(name) ? Collections.emptyEnumeration() : super.getHeaders(name);
        }
    }
}
