package io.keysweep.server.console.page;

import io.keysweep.server.config.ConsolePath;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.LocaleResolver;
import org.springframework.web.util.WebUtils;

/**
 * Chooses the language of the console's pages: the choice of the user, or else what the browser asks for.
 *
 * <p>The choice is in a cookie. The APIs speak English only. Thread-safe.
 */
@Component("localeResolver")
public final class ConsoleLocales implements LocaleResolver {

    /** The languages with a message catalogue; the first is the default. */
    static final List<Locale> SUPPORTED = List.of(Locale.ENGLISH, Locale.SIMPLIFIED_CHINESE);

    private static final String COOKIE = "keysweep_language";
    private static final Duration COOKIE_LIFETIME = Duration.ofDays(365);

    @Override
    public Locale resolveLocale(HttpServletRequest request) {
        if (!ConsolePath.covers(request.getRequestURI())) {
            return Locale.ENGLISH;
        }
        try {
            return language(request);
        } catch (RequestRejectedException e) {
            // Spring's firewall throws when code reads a malformed header. The error page for such a request also needs
            // a language, so this method must not throw.
            return Locale.ENGLISH;
        }
    }

    /** Returns the language of a request: the choice in the cookie, or else the first supported one of the browser. */
    private static Locale language(HttpServletRequest request) {
        Cookie cookie = WebUtils.getCookie(request, ConsoleCookies.name(COOKIE, request));
        if (cookie != null) {
            return supported(Locale.forLanguageTag(cookie.getValue()));
        }
        if (request.getHeader(HttpHeaders.ACCEPT_LANGUAGE) == null) {
            // Without this header, getLocales() would return the language of this machine.
            return Locale.ENGLISH;
        }
        // The languages of the browser are in the order of preference; the first that is supported applies.
        return Collections.list(request.getLocales()).stream()
                .filter(locale -> SUPPORTED.stream().anyMatch(each -> hasSameLanguage(each, locale)))
                .findFirst()
                .map(ConsoleLocales::supported)
                .orElse(Locale.ENGLISH);
    }

    /**
     * Returns the supported locale with the language of a locale, such as Simplified Chinese for {@code zh-HK}; English
     * for any other language and for null.
     */
    public static Locale supported(@Nullable Locale locale) {
        return SUPPORTED.stream()
                .filter(each -> locale != null && hasSameLanguage(each, locale))
                .findFirst()
                .orElse(Locale.ENGLISH);
    }

    private static boolean hasSameLanguage(Locale one, Locale other) {
        return Objects.equals(one.getLanguage(), other.getLanguage());
    }

    /** Returns the cookie with the language that the user has chosen. The browser keeps it for a year. */
    public static ResponseCookie cookie(HttpServletRequest request, Locale locale) {
        boolean tls = request.isSecure();
        return ResponseCookie.from(ConsoleCookies.name(COOKIE, tls), locale.toLanguageTag())
                .path(ConsoleCookies.path(tls))
                .maxAge(COOKIE_LIFETIME)
                .httpOnly(true)
                .secure(tls)
                .sameSite("Strict")
                .build();
    }

    @Override
    public void setLocale(HttpServletRequest request, @Nullable HttpServletResponse response, @Nullable Locale locale) {
        throw new UnsupportedOperationException("LanguageController sets the cookie");
    }
}
