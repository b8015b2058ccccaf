package io.keysweep.server.auditor;

import io.keysweep.server.audit.AuditCall;
import io.keysweep.server.audit.AuditTrail;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Begins to collect the facts about each call of an audited operation, before any other filter can refuse the call.
 *
 * <p>The collected call is the {@link AuditCall} of the thread until the request ends. {@link AuditAnswerFilter}, which
 * comes later in the chain, usually records it. This filter records two kinds of calls itself: calls that the limits of
 * the service have refused before that filter, and refused reads of the log, whose responses that filter does not keep
 * back.
 */
final class AuditFilter extends OncePerRequestFilter {

    private static final Logger LOG = LoggerFactory.getLogger(AuditFilter.class);

    private final AuditedOperations operations;
    private final AuditRecorder recorder;

    AuditFilter(AuditedOperations operations, AuditRecorder recorder) {
        this.operations = operations;
        this.recorder = recorder;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        AuditCall call = operations
                .of(request)
                .map(called -> createCall(called, request, response))
                .orElse(null);
        if (call == null) {
            chain.doFilter(request, response);
            return;
        }
        AuditTrail.use(call);
        try {
            chain.doFilter(request, response);
        } finally {
            AuditTrail.use(/* call= */ null);
            recordUnlessRecorded(call, response.getStatus());
        }
    }

    /** Creates the call that is collected for a request. */
    private static AuditCall createCall(
            AuditedOperations.Called called, HttpServletRequest request, HttpServletResponse response) {
        AuditCall call = new AuditCall(
                response.getHeader("X-Request-Id"), request.getRemoteAddr(), called.name(), called.resource());
        return called.refusedOnly() ? call.onlyIfRefused() : call;
    }

    /**
     * Records a call that {@link AuditAnswerFilter} has not recorded. Does not fail, because such a call has changed
     * nothing, and its response is already sent.
     */
    private void recordUnlessRecorded(AuditCall call, int status) {
        try {
            recorder.record(call, status);
        } catch (DataAccessException | TransactionException e) {
            // The recorder has kept the call.
            LOG.debug("A refused call is recorded later", e);
        }
    }
}
