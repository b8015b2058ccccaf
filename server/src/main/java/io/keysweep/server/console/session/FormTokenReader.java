package io.keysweep.server.console.session;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.CsrfTokenRequestHandler;
import org.springframework.security.web.csrf.XorCsrfTokenRequestAttributeHandler;

/**
 * Reads the token against forged forms from a request as Spring Security does, except that a token of random bytes is a
 * wrong token. Spring's reader throws an exception if the decoded bytes are no UTF-8. Thread-safe.
 */
final class FormTokenReader implements CsrfTokenRequestHandler {

    private final XorCsrfTokenRequestAttributeHandler reader = new XorCsrfTokenRequestAttributeHandler();

    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, Supplier<CsrfToken> token) {
        reader.handle(request, response, token);
    }

    @Override
    public @Nullable String resolveCsrfTokenValue(HttpServletRequest request, CsrfToken token) {
        try {
            return reader.resolveCsrfTokenValue(request, token);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
