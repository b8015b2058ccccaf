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
 * Refuses a form if its token against cross-site request forgery is missing or wrong, see {@link FormTokens}.
 *
 * <p>Spring Security checks the token before {@link SessionFilter} reads the session. This class therefore does the
 * work of that filter: it counts the form toward the limits of clients, and names the caller for the audit log.
 * Thread-safe.
 */
record FormTokenRefusal(Sessions sessions, ClientLimits limits, HandlerExceptionResolver errors)
        implements AccessDeniedHandler {

    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException denied) {
        errors.resolveException(request, response, /* handler= */ null, refusal(request));
    }

    /**
     * Returns the error for the client: a wrong form token, unless the request is already refused because of a limit or
     * an unreadable session.
     */
    private RuntimeException refusal(HttpServletRequest request) {
        try {
            recordRequest(request);
            return RequestRefusedException.of(ErrorCode.FOREIGN_FORM);
        } catch (RuntimeException e) {
            return e;
        }
    }

    /** Counts a refused form for its caller or its address, and names the caller for the audit log. */
    private void recordRequest(HttpServletRequest request) {
        Optional<Caller> caller = sessions.caller(request);
        if (caller.isPresent()) {
            AuditTrail.caller("session", caller.get().accessKey(), caller.get().projectId());
            AuditTrail.owner(caller.get().owner());
            limits.beginRequest(caller.get().accessKey()).close();
        } else if (request.getHeader("Cookie") != null) {
            // AdmissionFilter has counted the requests without credentials and cookies already.
            limits.countAnonymous(request.getRemoteAddr());
        }
    }
}
