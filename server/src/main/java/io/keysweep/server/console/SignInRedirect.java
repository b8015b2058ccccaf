package io.keysweep.server.console;

import io.keysweep.server.audit.AuditTrail;
import io.keysweep.server.error.ErrorCode;
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

/** Redirects a request without a session to the sign-in page, which then leads back to the requested page. */
final class SignInRedirect implements AuthenticationEntryPoint {

    private static final Pattern CONSOLE_PATH = Pattern.compile("/console(/[A-Za-z0-9/-]*)?");

    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException thrown) {
        AuditTrail.error(ErrorCode.NO_TOKEN.code());
        // An htmx request asks for a fragment of a page. With HX-Redirect, the browser leaves the whole page.
        boolean fragment = request.getHeader("HX-Request") != null;
        // A page can be opened again only by GET. The address of a fragment is no page, so htmx sends the address of
        // its page.
        String path = fragment
                ? path(request.getHeader("HX-Current-URL"))
                : request.getMethod().equals("GET") ? request.getRequestURI() : null;
        String target = SignInController.PATH
                + (isConsolePath(path) ? "?to=" + URLEncoder.encode(path, StandardCharsets.UTF_8) : "");
        response.setStatus((fragment ? HttpStatus.UNAUTHORIZED : HttpStatus.FOUND).value());
        response.setHeader(fragment ? "HX-Redirect" : HttpHeaders.LOCATION, target);
    }

    /** Returns whether a path belongs to the console: a forged link must not lead from the sign-in to another site. */
    static boolean isConsolePath(@Nullable String path) {
        return path != null && CONSOLE_PATH.matcher(path).matches() && !path.contains("//");
    }

    private static @Nullable String path(@Nullable String url) {
        try {
            return url == null ? null : URI.create(url).getPath();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
