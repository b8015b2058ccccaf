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
 * Begins to collect each call of an audited operation, before any other filter can refuse it.
 *
 * <p>{@link AuditAnswerFilter} records the call. This filter does so if the limits of the service refuse the request
 * before that filter, and for refused reads, whose responses are not held back.
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
                .map(called -> call(called, request, response))
                .orElse(null);
        if (call == null) {
            chain.doFilter(request, response);
            return;
        }
        AuditTrail.use(call);
        try {
            chain.doFilter(request, response);
        } finally {
            AuditTrail.use(null);
            recordRefusal(call, response.getStatus());
        }
    }

    private static AuditCall call(
            AuditedOperations.Called called, HttpServletRequest request, HttpServletResponse response) {
        AuditCall call = new AuditCall(
                response.getHeader("X-Request-Id"), request.getRemoteAddr(), called.name(), called.resource());
        return called.refusedOnly() ? call.onlyIfRefused() : call;
    }

    /** Records a request that was refused early. It has changed nothing, and its response is already sent. */
    private void recordRefusal(AuditCall call, int status) {
        try {
            recorder.record(call, status);
        } catch (DataAccessException | TransactionException e) {
            LOG.debug("A refused call is recorded later", e);
        }
    }
}
