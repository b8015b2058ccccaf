package io.keysweep.server.console.session;

import io.keysweep.server.config.AccessSettings;
import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.console.page.ConsoleCookies;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.CallerLookup;
import io.keysweep.server.iam.OidcPerson;
import io.keysweep.server.iam.principal.OidcCallers;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import org.springframework.http.ResponseCookie;
import org.springframework.stereotype.Component;
import org.springframework.web.util.WebUtils;

/**
 * Begins, checks and ends the sessions of the users who are signed in to the console.
 *
 * <p>A session ends when the user signs out, when its access key is withdrawn, or when its user gets another password.
 * It also ends when the user has sent no request for a time, and after a longer time in any case. Both times are
 * settings. Requests that a page sends to refresh itself are not requests of the user. The database contains the
 * sessions, so they survive restarts and are the same in every process.
 *
 * <p>The browser keeps a random text in a cookie, and the database contains only its hash. Thread-safe.
 */
@Component
final class Sessions {

    private static final String COOKIE = "keysweep_session";

    /** The number of random bytes in the text of the cookie: 256 bits, which nobody can guess. */
    private static final int TOKEN_BYTES = 32;

    /** The shortest time between two records of a request of one session, because each is a write to the database. */
    private static final Duration MIN_RECORD_INTERVAL = Duration.ofSeconds(15);

    private final SessionStore store;
    private final CallerLookup callers;
    private final OidcCallers people;
    private final AccessSettings settings;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    Sessions(
            SessionStore store,
            CallerLookup callers,
            OidcCallers people,
            ServiceSettings settings,
            InstantSource clock) {
        this.store = store;
        this.callers = callers;
        this.people = people;
        this.settings = settings.access();
        this.clock = clock;
    }

    /**
     * Signs a caller in: creates a session, and returns the cookie with its text. Ends the session that the browser had
     * before. The caller must have been authenticated.
     */
    ResponseCookie begin(Caller caller, HttpServletRequest request) {
        sessionId(request).ifPresent(store::remove);
        Instant now = now();
        // Sessions whose browser never returns are removed at the next sign-in of anyone.
        store.removeEnded(now.minus(settings.sessionLifetime()), now.minus(settings.sessionIdle()));
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        OidcPerson person = caller.person();
        if (person == null) {
            store.insert(hash(token), caller.subject(), now);
        } else {
            store.insert(hash(token), person, now);
        }
        return cookie(token, settings.sessionLifetime(), request);
    }

    /**
     * Ends the session of the request, if it has one, and returns the cookie that removes the session's cookie from the
     * browser.
     */
    ResponseCookie end(HttpServletRequest request) {
        sessionId(request).ifPresent(store::remove);
        return cookie(/* value= */ "", Duration.ZERO, request);
    }

    /**
     * Returns the caller of a valid session, with the current actions of its access key; empty without a valid session.
     * Deletes a session that has become too old, and records the time of the request otherwise.
     */
    Optional<Caller> caller(HttpServletRequest request) {
        return sessionId(request)
                .flatMap(id -> store.find(id)
                        .filter(session -> isValid(id, session, isByPerson(request)))
                        .flatMap(this::caller));
    }

    /** Returns the caller of a session with its current rights; empty if the key, user or person is no longer valid. */
    private Optional<Caller> caller(SessionStore.StoredSession session) {
        return session.person() != null
                ? people.find(session.person())
                : Optional.ofNullable(session.subject()).flatMap(callers::findSubject);
    }

    /**
     * Checks the age of a session. Removes the session if it is too old; otherwise records the time of the request.
     *
     * @param byPerson whether the user has sent the request, and not a page that refreshes itself; only then is the
     *     session prolonged
     */
    private boolean isValid(String id, SessionStore.StoredSession session, boolean byPerson) {
        Instant now = now();
        Instant lifetimeEnd = session.createdAt().plus(settings.sessionLifetime());
        Instant idleEnd = session.seenAt().plus(settings.sessionIdle());
        boolean isOver = !now.isBefore(lifetimeEnd) || !now.isBefore(idleEnd);
        if (isOver) {
            store.remove(id);
            return false;
        }
        if (byPerson && !now.isBefore(session.seenAt().plus(MIN_RECORD_INTERVAL))) {
            store.recordSeen(id, now);
        }
        return true;
    }

    /**
     * Returns whether the user has sent a request, and not a page that refreshes a part of itself with htmx. Such a
     * page sends GET requests only, so a form that htmx sends is treated as sent by the user.
     */
    private static boolean isByPerson(HttpServletRequest request) {
        return request.getHeader("HX-Request") == null || !request.getMethod().equals("GET");
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /** Returns the id of the session in the store, which is the hash of the cookie's text; empty without a cookie. */
    private static Optional<String> sessionId(HttpServletRequest request) {
        return Optional.ofNullable(WebUtils.getCookie(request, ConsoleCookies.name(COOKIE, request)))
                .map(Cookie::getValue)
                .map(Sessions::hash);
    }

    /** Hashes the text of a cookie, so that nobody can sign in with the content of the database or of a backup. */
    private static String hash(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    private static ResponseCookie cookie(String value, Duration age, HttpServletRequest request) {
        return ResponseCookie.from(ConsoleCookies.name(COOKIE, request), value)
                .path(ConsoleCookies.path(request.isSecure()))
                .maxAge(age)
                .httpOnly(true)
                .sameSite("Strict")
                .secure(request.isSecure())
                .build();
    }
}
