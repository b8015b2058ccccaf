package io.keysweep.server.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import org.jspecify.annotations.Nullable;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Records each request to an API, and each change in the console, as a span.
 *
 * <p>The header {@code traceparent} makes the span part of the caller's trace. The name of the span is the method and
 * the route, such as {@code POST /api/v1/scans}, and contains no id. Thread-safe.
 */
final class RequestSpans extends OncePerRequestFilter {

    private static final int FIRST_SERVER_ERROR = 500;

    private static final TextMapGetter<HttpServletRequest> HEADERS = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(HttpServletRequest request) {
            return Collections.list(request.getHeaderNames());
        }

        @Override
        public @Nullable String get(@Nullable HttpServletRequest request, String name) {
            return request == null ? null : request.getHeader(name);
        }
    };

    private final OtlpTraces traces;

    RequestSpans(OtlpTraces traces) {
        this.traces = traces;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        String path = request.getRequestURI();
        boolean isApiRequest = path.startsWith("/api/") || path.matches("/v[0-9.]+/.*");
        return !isApiRequest && request.getMethod().equals("GET");
    }

    @Override
    @SuppressWarnings("try") // The body of the try statement does not use scope and ids; they only have to be closed.
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Context caller = W3CTraceContextPropagator.getInstance().extract(Context.root(), request, HEADERS);
        Span span = traces.beginRequest(request.getMethod(), caller);
        span.setAttribute("http.request.method", request.getMethod());
        try (Scope scope = span.makeCurrent();
                LogIds ids = new LogIds(span.getSpanContext())) {
            chain.doFilter(request, response);
        } finally {
            describe(span, request, response.getStatus());
            span.end();
        }
    }

    /** Gives a span the name of the route and the status of the response. */
    private static void describe(Span span, HttpServletRequest request, int status) {
        Object route = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        if (route != null) {
            span.updateName(request.getMethod() + " " + route);
            span.setAttribute("http.route", route.toString());
        }
        span.setAttribute("http.response.status_code", status);
        if (status >= FIRST_SERVER_ERROR) {
            span.setStatus(StatusCode.ERROR);
        }
    }
}
