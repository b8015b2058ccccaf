package io.keysweep.server.admission;

import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.apache.catalina.connector.ClientAbortException;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Counts requests without credentials toward the limit of their address, and sets the phase of each connection.
 *
 * <p>The filter notes at the {@link ClientConnection} when the service begins to work on the request, when it begins to
 * send the response, and when the request has ended. The {@link ConnectionGuard} ends connections that stay in a phase
 * for too long.
 *
 * <p>A request that exceeds the limit, and a form of the console that is malformed or late, gets an error response here
 * and reaches no other filter. A later filter verifies the credentials, and counts requests with wrong credentials.
 */
@Component
@ConditionalOnWebApplication
// The filter runs after AuditFilter, which begins the audit of a call, so that refused calls are also recorded.
@Order(Ordered.HIGHEST_PRECEDENCE + 2)
final class AdmissionFilter extends OncePerRequestFilter {

    /**
     * The paths of the health checks. Their requests are not counted, because a supervisor must get an answer even if
     * other clients at its address send too much.
     */
    private static final Set<String> PROBES = Set.of("/livez", "/readyz");

    private final ClientLimits limits;
    private final RequestBodies bodies;
    private final HandlerExceptionResolver errors;

    AdmissionFilter(
            ClientLimits limits,
            RequestBodies bodies,
            @Qualifier("handlerExceptionResolver") HandlerExceptionResolver errors) {
        this.limits = limits;
        this.bodies = bodies;
        this.errors = errors;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        ClientConnection connection = ClientConnection.current();
        connection.serve();
        HttpServletResponse timedResponse = new TimedResponse(response, connection);
        try {
            boolean isAnonymous = !PROBES.contains(request.getRequestURI()) && !hasCredentials(request);
            if (isAnonymous) {
                limits.countAnonymous(request.getRemoteAddr());
            }
            if (ConsolePath.covers(request.getRequestURI())) {
                readForm(request, connection);
            }
        } catch (RuntimeException e) {
            // No controller is involved yet, so the filter itself must write the error response.
            errors.resolveException(request, timedResponse, /* handler= */ null, e);
            connection.awaitNextRequest();
            return;
        }
        try {
            chain.doFilter(request, timedResponse);
        } catch (ClientAbortException e) {
            // The client has disconnected, so nobody can receive a response.
        } finally {
            bodies.release(request);
            connection.awaitNextRequest();
        }
    }

    /**
     * Returns whether a request has credentials, right or wrong. The console accepts only a cookie, and the APIs accept
     * only headers, so nothing else is read.
     */
    private static boolean hasCredentials(HttpServletRequest request) {
        return ConsolePath.covers(request.getRequestURI())
                ? request.getHeader("Cookie") != null
                : HeadCredentials.areSent(request);
    }

    /**
     * Makes Tomcat read and keep the fields of a form now, in the phase of the body, which has a time limit. Otherwise
     * Tomcat would read the form when a later filter asks for a field, in the phase of serving, which has no time
     * limit.
     *
     * @throws RequestRefusedException if the form did not arrive in time
     * @throws InvalidParameterException if Tomcat rejects the form, for example because it is malformed
     */
    private static void readForm(HttpServletRequest request, ClientConnection connection) {
        connection.beginBody();
        try {
            request.getParameterMap();
        } catch (InvalidParameterException e) {
            // If the guard has ended the connection, the form is not malformed but late.
            throw connection.hasEnded() ? RequestRefusedException.of(ErrorCode.REQUEST_TIMEOUT) : e;
        } finally {
            connection.serve();
        }
    }
}
