package io.keysweep.server.console.session;

import io.keysweep.server.console.page.ConsoleCookies;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.CsrfTokenRepository;

/**
 * Keeps the token against cross-site request forgery (forged forms) in a cookie of the browser. Thread-safe.
 *
 * <p>Each form sends the token of the cookie as a hidden field. A foreign site cannot read the cookie, so it cannot
 * send a form with the right token. {@link ConsoleCookies} chooses the name and the path of the cookie, which depend on
 * whether the connection uses TLS.
 */
final class FormTokens implements CsrfTokenRepository {

    private final CookieCsrfTokenRepository overTls = repository(/* tls= */ true);
    private final CookieCsrfTokenRepository withoutTls = repository(/* tls= */ false);

    @Override
    public CsrfToken generateToken(HttpServletRequest request) {
        return repository(request).generateToken(request);
    }

    @Override
    public void saveToken(@Nullable CsrfToken token, HttpServletRequest request, HttpServletResponse response) {
        repository(request).saveToken(token, request, response);
    }

    @Override
    public @Nullable CsrfToken loadToken(HttpServletRequest request) {
        return repository(request).loadToken(request);
    }

    private CookieCsrfTokenRepository repository(HttpServletRequest request) {
        return request.isSecure() ? overTls : withoutTls;
    }

    private static CookieCsrfTokenRepository repository(boolean tls) {
        CookieCsrfTokenRepository tokens = new CookieCsrfTokenRepository();
        tokens.setCookieName(ConsoleCookies.name("keysweep_form", tls));
        tokens.setCookiePath(ConsoleCookies.path(tls));
        tokens.setCookieCustomizer(
                cookie -> cookie.httpOnly(true).sameSite("Strict").secure(tls));
        return tokens;
    }
}
