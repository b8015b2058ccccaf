package io.keysweep.server.console.session;

import io.keysweep.server.admission.ClientLimits;
import io.keysweep.server.audit.AuditTrail;
import io.keysweep.server.iam.Caller;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Authenticates requests to the console by their session cookie.
 *
 * <p>Signatures and tokens, which authenticate requests to the APIs, have no effect in the console. For a request
 * without a valid session, this filter names no caller. Spring Security then redirects the request to the sign-in page,
 * unless the requested page needs no session.
 *
 * <p>The limits per client are the same as in the APIs. A request with a session counts against the limit of the
 * session's access key or user. A request whose cookies contain no valid session counts against the limit of its
 * address. Thread-safe.
 */
final class SessionFilter extends OncePerRequestFilter {

    private final Sessions sessions;
    private final ClientLimits limits;
    private final HandlerExceptionResolver errors;

    SessionFilter(Sessions sessions, ClientLimits limits, HandlerExceptionResolver errors) {
        this.sessions = sessions;
        this.limits = limits;
        this.errors = errors;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Optional<Caller> caller;
        ClientLimits.CountedUse use = () -> {};
        try {
            caller = sessions.caller(request);
            if (caller.isPresent()) {
                use = limits.beginRequest(caller.get().accessKey());
            } else if (request.getHeader("Cookie") != null) {
                // AdmissionFilter has counted the requests without credentials and cookies already.
                limits.countAnonymous(request.getRemoteAddr());
            }
        } catch (RuntimeException e) {
            // The cause can be that the database is unavailable. Spring shows no error page for an exception that a
            // filter throws, so the exception is handled here.
            errors.resolveException(request, response, /* handler= */ null, e);
            return;
        }
        if (caller.isPresent()) {
            AuditTrail.caller("session", caller.get().accessKey(), caller.get().projectId());
            AuditTrail.owner(caller.get().owner());
            SecurityContext context = SecurityContextHolder.createEmptyContext();
            context.setAuthentication(UsernamePasswordAuthenticationToken.authenticated(
                    caller.get(), /* credentials= */ null, List.of()));
            SecurityContextHolder.setContext(context);
        }
        try {
            chain.doFilter(request, response);
        } finally {
            use.close();
        }
    }
}
