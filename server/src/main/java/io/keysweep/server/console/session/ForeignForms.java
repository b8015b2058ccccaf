package io.keysweep.server.console.session;

import io.keysweep.server.admission.ClientLimits;
import io.keysweep.server.audit.AuditTrail;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Caller;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Refuses forms whose token against forged forms is missing or wrong, see {@link FormTokens}.
 *
 * <p>Spring Security checks the token before {@link SessionFilter} looks for the session. This class therefore counts
 * the form toward the limits of clients, and names its caller for the audit log, as that filter does. Thread-safe.
 */
record ForeignForms(Sessions sessions, ClientLimits limits, HandlerExceptionResolver errors)
        implements AccessDeniedHandler {

    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException denied) {
        errors.resolveException(request, response, /* handler= */ null, refusal(request));
    }

    /** Returns the refusal; another one if the client sends too many requests, or the session cannot be read. */
    private RuntimeException refusal(HttpServletRequest request) {
        try {
            count(request);
            return RequestRefusedException.of(ErrorCode.FOREIGN_FORM);
        } catch (RuntimeException e) {
            return e;
        }
    }

    private void count(HttpServletRequest request) {
        Optional<Caller> caller = sessions.caller(request);
        if (caller.isPresent()) {
            AuditTrail.caller("session", caller.get().accessKey(), caller.get().projectId());
            AuditTrail.owner(caller.get().owner());
            limits.beginRequest(caller.get().accessKey()).close();
        } else if (request.getHeader("Cookie") != null) {
            // Requests without any cookie were counted before.
            limits.countAnonymous(request.getRemoteAddr());
        }
    }
}
