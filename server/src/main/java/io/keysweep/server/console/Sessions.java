package io.keysweep.server.console;

import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.CallerLookup;
import io.keysweep.server.iam.MasterKey;
import io.keysweep.server.iam.TokenIssuer;
import io.keysweep.server.iam.TokenVerification;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.springframework.http.ResponseCookie;
import org.springframework.stereotype.Component;
import org.springframework.web.util.WebUtils;

/**
 * Creates and verifies the session cookie of the console.
 *
 * <p>The cookie is valid for {@value #HOURS} hours, and only for paths of the console. It contains a token of a kind
 * that the APIs refuse. The service stores no sessions, so they survive restarts. The withdrawal of an access key ends
 * all sessions of that key. Safe for use by several threads.
 */
@Component
final class Sessions {

    static final String COOKIE = "keysweep_session";

    private static final int HOURS = 12;

    private final TokenIssuer tokens;
    private final CallerLookup callers;
    private final InstantSource clock;

    Sessions(MasterKey masterKey, CallerLookup callers, InstantSource clock) {
        this.tokens = TokenIssuer.forConsole(masterKey);
        this.callers = callers;
        this.clock = clock;
    }

    /** Returns the cookie that signs a caller in. */
    ResponseCookie begin(Caller caller, HttpServletRequest request) {
        Duration validity = Duration.ofHours(HOURS);
        String token = tokens.issue(
                caller.accessKey(), caller.projectId(), clock.instant().plus(validity));
        return cookie(token, validity, request);
    }

    /** Returns the cookie that removes the session from the browser. */
    ResponseCookie end(HttpServletRequest request) {
        return cookie("", Duration.ZERO, request);
    }

    /**
     * Returns the caller of a valid session with the present actions of its access key; empty without a valid session.
     */
    Optional<Caller> caller(HttpServletRequest request) {
        return Optional.ofNullable(WebUtils.getCookie(request, COOKIE))
                .map(cookie -> tokens.verify(cookie.getValue(), clock.instant()))
                .filter(TokenVerification.Valid.class::isInstance)
                .map(TokenVerification.Valid.class::cast)
                .flatMap(valid -> callers.find(valid.accessKey()));
    }

    private static ResponseCookie cookie(String value, Duration age, HttpServletRequest request) {
        return ResponseCookie.from(COOKIE, value)
                .path(ConsolePath.ROOT)
                .maxAge(age)
                .httpOnly(true)
                .sameSite("Strict")
                .secure(request.isSecure())
                .build();
    }
}
