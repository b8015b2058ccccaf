package io.keysweep.server.console.session;

import io.keysweep.server.audit.AuditTrail;
import io.keysweep.server.console.page.PagePaths;
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

/**
 * Redirects a request without a session to the sign-in page, which then leads back to the requested page.
 *
 * <p>Only the path is requested again after the sign-in, without its query. Thread-safe.
 */
final class SignInRedirect implements AuthenticationEntryPoint {

    /**
     * A path with the characters that occur in paths of pages, so that no browser can read it as another address. Names
     * of users and access policies can contain dots and underscores.
     */
    private static final Pattern CONSOLE_PATH = Pattern.compile("/console(/[A-Za-z0-9/._-]*)?");

    private final PagePaths pages;

    SignInRedirect(PagePaths pages) {
        this.pages = pages;
    }

    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException thrown) {
        AuditTrail.error(ErrorCode.NO_TOKEN.code());
        // The script htmx in the browser requests a fragment of a page. It would put the target of a plain redirect
        // into the fragment. With HX-Redirect, the browser leaves the whole page.
        boolean fragment = request.getHeader("HX-Request") != null;
        String path = requestedPath(request, fragment);
        String target = SignInController.PATH
                + (path != null && isConsolePath(path)
                        ? "?to=" + URLEncoder.encode(pages.pageOf(path), StandardCharsets.UTF_8)
                        : "");
        response.setStatus((fragment ? HttpStatus.UNAUTHORIZED : HttpStatus.FOUND).value());
        response.setHeader(fragment ? "HX-Redirect" : HttpHeaders.LOCATION, target);
    }

    /**
     * Returns the path to which the sign-in leads back; null if it is not known. After the sign-in, the browser opens
     * the path with GET. The path of a form or a fragment would show no page. For these requests, the path is in the
     * URL of the page around them, which a header contains.
     */
    private static @Nullable String requestedPath(HttpServletRequest request, boolean fragment) {
        if (fragment) {
            return pathInUrl(request.getHeader("HX-Current-URL"));
        }
        // If a form was refused before, the URL of the page is the path of the form. PagePaths then finds its page.
        return request.getMethod().equals("GET")
                ? request.getRequestURI()
                : pathInUrl(request.getHeader(HttpHeaders.REFERER));
    }

    /**
     * Returns whether a path belongs to the console; false for null. A forged link must not lead from the sign-in to
     * another site, and browsers read {@code //} as the beginning of a host and {@code /..} as the parent.
     */
    static boolean isConsolePath(@Nullable String path) {
        return path != null && CONSOLE_PATH.matcher(path).matches() && !path.contains("//") && !path.contains("/.");
    }

    private static @Nullable String pathInUrl(@Nullable String url) {
        try {
            return url == null ? null : URI.create(url).getPath();
        } catch (IllegalArgumentException e) {
            // A client other than a browser can send any text. The sign-in then leads to the overview.
            return null;
        }
    }
}
