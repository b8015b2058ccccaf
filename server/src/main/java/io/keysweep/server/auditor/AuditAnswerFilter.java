package io.keysweep.server.auditor;

import io.keysweep.server.audit.AuditCall;
import io.keysweep.server.audit.AuditTrail;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.transaction.TransactionException;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.util.ContentCachingResponseWrapper;

/**
 * Keeps back the response of an audited call until the call is recorded.
 *
 * <p>If the call cannot be recorded, the client gets an error instead of the response, so that nobody learns of a
 * success that the audit log does not have. There is one exception: {@link AuditRecorder} keeps <em>harmless</em>
 * calls (refused or anonymous ones that changed nothing) for later, and the client gets the response.
 *
 * <p>Calls that are recorded only if they are refused are reads, whose responses can be large. They are not kept back;
 * {@link AuditFilter} records them.
 */
final class AuditAnswerFilter extends OncePerRequestFilter {

    private static final String REQUEST_ID = "X-Request-Id";

    private final AuditRecorder recorder;
    private final HandlerExceptionResolver errors;

    AuditAnswerFilter(AuditRecorder recorder, HandlerExceptionResolver errors) {
        this.recorder = recorder;
        this.errors = errors;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        AuditCall call = AuditTrail.current();
        if (call == null || call.isRefusedOnly()) {
            chain.doFilter(request, response);
            return;
        }
        KeptResponse kept = new KeptResponse(response);
        // The status that the client gets if an exception reaches this filter.
        int status = HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
        try {
            chain.doFilter(request, kept);
            status = statusToRecord(call, kept.getStatus());
        } finally {
            record(call, status, request, kept);
        }
        kept.copyBodyToResponse();
    }

    /**
     * Returns the status to record. A form without a session is refused by a redirect to the sign-in page, which is
     * recorded as 401. In any other case, it is the status of the response.
     */
    private static int statusToRecord(AuditCall call, int responseStatus) {
        boolean redirected = responseStatus < HttpServletResponse.SC_BAD_REQUEST && call.error() != null;
        return redirected ? HttpServletResponse.SC_UNAUTHORIZED : responseStatus;
    }

    /** Records the call. If that fails, replaces the kept response by an error. */
    private void record(AuditCall call, int status, HttpServletRequest request, KeptResponse kept) {
        try {
            recorder.record(call, status);
        } catch (DataAccessException | TransactionException e) {
            // A response that was already sent cannot be replaced.
            if (!kept.isCommitted()) {
                // The reset removes all headers, but the client needs the id to report the error.
                String id = kept.getHeader(REQUEST_ID);
                kept.reset();
                if (id != null) {
                    kept.setHeader(REQUEST_ID, id);
                }
                errors.resolveException(request, kept, /* handler= */ null, e);
            }
        }
    }

    /** Keeps the response in memory. Also keeps redirects, which the superclass would send immediately. */
    private static final class KeptResponse extends ContentCachingResponseWrapper {

        KeptResponse(HttpServletResponse response) {
            super(response);
        }

        @Override
        public void sendRedirect(String location) {
            setStatus(HttpServletResponse.SC_FOUND);
            setHeader(HttpHeaders.LOCATION, location);
        }
    }
}
