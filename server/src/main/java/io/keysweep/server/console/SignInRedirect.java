package io.keysweep.server.console;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;

/** Leads whoever is not signed in to the sign-in, and from there back to where they wanted to go. */
final class SignInRedirect implements AuthenticationEntryPoint {

    private static final Pattern OURS = Pattern.compile("/console(/[A-Za-z0-9/-]*)?");

    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException thrown) {
        // What htmx asks for is a part of a page: the whole page has to leave.
        boolean part = request.getHeader("HX-Request") != null;
        String wanted = part
                ? path(request.getHeader("HX-Current-URL"))
                : request.getMethod().equals("GET") ? request.getRequestURI() : null;
        String target = SignInController.PATH
                + (ours(wanted) ? "?to=" + URLEncoder.encode(wanted, StandardCharsets.UTF_8) : "");
        response.setStatus((part ? HttpStatus.UNAUTHORIZED : HttpStatus.FOUND).value());
        response.setHeader(part ? "HX-Redirect" : HttpHeaders.LOCATION, target);
    }

    /** Whether a path is one of the console's own, so that a forged link leads nowhere else. */
    static boolean ours(@Nullable String path) {
        return path != null && OURS.matcher(path).matches() && !path.contains("//");
    }

    private static @Nullable String path(@Nullable String url) {
        try {
            return url == null ? null : URI.create(url).getPath();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
