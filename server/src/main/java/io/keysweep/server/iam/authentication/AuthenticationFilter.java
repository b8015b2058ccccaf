package io.keysweep.server.iam.authentication;

import io.keysweep.server.admission.ClientLimits;
import io.keysweep.server.admission.HeadCredentials;
import io.keysweep.server.admission.RequestBodies;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.FieldProblem;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Caller;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Reads each request, finds its caller with {@link CallerAuthentication}, and makes the caller the principal of Spring
 * Security.
 *
 * <p>A request with neither header, or with empty headers, passes without a caller. Spring Security refuses it later,
 * except if its path is public. A request with both headers is authenticated by its signature. A request for a token
 * has its credentials in its body, so the headers are ignored ({@link HeadCredentials#isTokenRequest}).
 *
 * <p>Because a signature covers the body, the filter reads the whole body into memory. To keep strangers from using
 * that memory, it first checks all credentials that do not depend on the body. The size of a body is limited.
 *
 * <p>The filter answers a refused request itself, with an error.
 */
final class AuthenticationFilter extends OncePerRequestFilter {

    /** The maximum size of an ordinary request body, larger than any request needs. */
    private static final int MAX_BODY_BYTES = 256 * 1024;

    /** The maximum size of a fleet document, which can hold many instances with their certificates. */
    private static final int MAX_FLEET_BODY_BYTES = 8 * 1024 * 1024;

    /** The path to which clients send a fleet document: all instances (registered servers) of a project. */
    private static final String FLEET_PATH = "/api/v1/instances/apply";

    /** The maximum size of the body of a request without credentials, which requests a token. */
    private static final int MAX_PUBLIC_BODY_BYTES = 16 * 1024;

    /** The prefix of the paths of the IAM API, where clients request a token without credentials in the head. */
    private static final String PUBLIC_PATHS = "/v3/";

    private final CallerAuthentication authentication;
    private final RequestBodies bodies;
    private final ClientLimits limits;
    private final HandlerExceptionResolver errors;

    AuthenticationFilter(
            CallerAuthentication authentication,
            RequestBodies bodies,
            ClientLimits limits,
            HandlerExceptionResolver errors) {
        this.authentication = authentication;
        this.bodies = bodies;
        this.limits = limits;
        this.errors = errors;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        // Authenticate the caller and read the body.
        ClientLimits.CountedUse use = () -> {};
        CachedBodyRequest cached;
        try {
            Optional<Caller> caller = Optional.empty();
            byte[] body = new byte[0];
            if (HeadCredentials.isTokenRequest(request)) {
                body = bodies.read(request, MAX_PUBLIC_BODY_BYTES);
            } else if (authentication.isByBearerToken(request)) {
                caller = Optional.of(authentication.byBearerToken(request));
                body = bodies.read(request, maxBytes(request));
            } else if (HeadCredentials.isSent(request, HeadCredentials.AUTHORIZATION)) {
                authentication.checkHead(request);
                body = bodies.read(request, maxBytes(request));
                caller = Optional.of(authentication.bySignature(request, body));
            } else if (HeadCredentials.isSent(request, HeadCredentials.TOKEN)) {
                caller = Optional.of(authentication.byToken(request));
                body = bodies.read(request, maxBytes(request));
            } else if (request.getRequestURI().startsWith(PUBLIC_PATHS)) {
                body = bodies.read(request, MAX_PUBLIC_BODY_BYTES);
            }
            requirePlainBody(request);
            if (caller.isPresent()) {
                // No later line may refuse the request, because the catch block does not close the use. A refused
                // request would then be counted for ever as an open request of the key.
                use = limits.beginRequest(caller.get().accessKey());
                setPrincipal(caller.get());
            }
            cached = new CachedBodyRequest(request, body);
        } catch (RuntimeException e) {
            errors.resolveException(request, response, /* handler= */ null, countRefusal(request, e));
            bodies.release(request);
            return;
        }

        // Let the controllers answer.
        try {
            chain.doFilter(cached, response);
        } finally {
            use.close();
            // On the port of the APIs, another filter releases the body again, which has no effect. The port of the
            // metrics does not have that filter.
            bodies.release(request);
        }
    }

    /**
     * Counts a request that has wrong credentials, and returns the exception that refuses the request.
     *
     * <p>A request with wrong credentials is counted toward the limit of the client's address. A request with a valid
     * token of a person who has no rights is counted, too. Expired tokens are not counted. If the address has sent too
     * many of these requests, the returned exception says that instead.
     */
    private RuntimeException countRefusal(HttpServletRequest request, RuntimeException reason) {
        try {
            // A person without rights (NOT_MAPPED) has valid credentials, but is no caller whose requests are limited.
            if (reason instanceof RequestRefusedException refused
                    && (refused.code() == ErrorCode.INVALID_TOKEN || refused.code() == ErrorCode.NOT_MAPPED)) {
                limits.countAnonymous(request.getRemoteAddr());
            }
            return reason;
        } catch (RequestRefusedException tooMany) {
            return tooMany;
        }
    }

    /**
     * Refuses a compressed body, because no operation decompresses it. Also refuses a body with two types, because a
     * proxy could choose one type and the service the other.
     */
    private static void requirePlainBody(HttpServletRequest request) {
        String coding = String.join(", ", Collections.list(request.getHeaders(HttpHeaders.CONTENT_ENCODING)));
        if (!Stream.of(coding.split(",", -1))
                .map(String::strip)
                .allMatch(each -> each.isEmpty() || each.equalsIgnoreCase("identity"))) {
            throw RequestRefusedException.of(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                    "Content-Encoding is '" + coding + "', must be identity: send the body uncompressed.");
        }
        List<String> types = Collections.list(request.getHeaders(HttpHeaders.CONTENT_TYPE)).stream()
                .distinct()
                .toList();
        if (types.size() > 1) {
            throw RequestRefusedException.of(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                    FieldProblem.of(HttpHeaders.CONTENT_TYPE, String.join(", ", types), "sent once")
                            .sentence());
        }
    }

    private static int maxBytes(HttpServletRequest request) {
        return request.getRequestURI().equals(FLEET_PATH) ? MAX_FLEET_BODY_BYTES : MAX_BODY_BYTES;
    }

    /** Makes the caller the principal of Spring Security for this request. */
    private static void setPrincipal(Caller caller) {
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(
                UsernamePasswordAuthenticationToken.authenticated(caller, /* credentials= */ null, List.of()));
        SecurityContextHolder.setContext(context);
    }
}
