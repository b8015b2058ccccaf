package io.keysweep.server.iam.authentication;

import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.config.Role;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Answers 404 for every path that this process does not serve according to its roles, before authentication.
 *
 * <p>A role is what a process does: {@code api}, {@code console}, {@code worker}, or several of them. Without the role
 * {@code api}, no path of the APIs exists. Paths of the console reach this filter only in a process without a console,
 * because a console has its own filter chain.
 */
final class RoleFilter extends OncePerRequestFilter {

    private final Set<Role> roles;
    private final HandlerExceptionResolver errors;

    RoleFilter(Set<Role> roles, HandlerExceptionResolver errors) {
        this.roles = roles;
        this.errors = errors;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String path = request.getRequestURI();
        // VersionController answers the path / in every process with the role api or console.
        if ((path.equals("/") && Role.listens(roles)) || (roles.contains(Role.API) && !ConsolePath.covers(path))) {
            chain.doFilter(request, response);
        } else {
            errors.resolveException(
                    request, response, /* handler= */ null, RequestRefusedException.of(ErrorCode.UNKNOWN_URL));
        }
    }
}
