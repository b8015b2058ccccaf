package io.keysweep.server.console.session;

import io.keysweep.server.audit.AuditTrail;
import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.console.page.ConsoleCookies;
import io.keysweep.server.console.page.RefusalText;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.principal.OidcCallers;
import io.keysweep.server.oidc.OidcSignIn;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseCookie;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;
import org.springframework.web.util.WebUtils;

/** Signs users in to the console through an OpenID Connect issuer, if one is configured. */
@Controller
final class OidcSignInController {

    static final String PATH = SignInController.PATH + "/oidc";

    /** The path to which the issuer sends the browser back. */
    static final String CALLBACK = PATH + "/callback";

    private static final Logger LOG = LoggerFactory.getLogger(OidcSignInController.class);

    private static final String COOKIE = "keysweep_oidc";
    private static final Duration COOKIE_AGE = Duration.ofMinutes(10);

    private final @Nullable OidcSignIn signIn;
    private final OidcCallers people;
    private final Sessions sessions;

    OidcSignInController(ObjectProvider<OidcSignIn> signIn, OidcCallers people, Sessions sessions) {
        this.signIn = signIn.getIfAvailable();
        this.people = people;
        this.sessions = sessions;
    }

    /**
     * Sends the browser to the issuer.
     *
     * @param to path of the page that the user wanted to see; the overview is used if it is null or outside of the
     *     console
     * @return the page with the reason if the issuer cannot be used; null if the response redirects to the issuer
     */
    @GetMapping(PATH)
    @Nullable String begin(
            @RequestParam(required = false) @Nullable String to,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        OidcSignIn issuerSignIn = requireSignIn();
        String target = to != null && SignInRedirect.isConsolePath(to) ? to : ConsolePath.ROOT;
        try {
            OidcSignIn.Begun begun = issuerSignIn.begin(redirectUri(request), target);
            response.addHeader(HttpHeaders.SET_COOKIE, cookie(begun.cookie(), COOKIE_AGE, request));
            response.setStatus(HttpStatus.FOUND.value());
            response.setHeader(HttpHeaders.LOCATION, begun.location().toString());
            return null;
        } catch (RequestRefusedException e) {
            return signInPage(e, request, response, model);
        }
    }

    /**
     * Signs in the user whom the issuer has sent back, and leads to the page that the user wanted to see.
     *
     * @param state the state that {@link #begin} has sent to the issuer, and that the issuer returns
     * @param code code by which this service gets the user's identity from the issuer; null if the issuer refused
     */
    @GetMapping(CALLBACK)
    String finish(
            @RequestParam(required = false) @Nullable String state,
            @RequestParam(required = false) @Nullable String code,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        OidcSignIn issuerSignIn = requireSignIn();
        Cookie cookie = WebUtils.getCookie(request, ConsoleCookies.name(COOKIE, request));
        // The cookie serves one sign-in only, so the browser must remove it.
        response.addHeader(HttpHeaders.SET_COOKIE, cookie(/* value= */ "", Duration.ZERO, request));
        try {
            OidcSignIn.FinishedSignIn finished = issuerSignIn.finish(
                    cookie == null ? null : cookie.getValue(),
                    state,
                    code,
                    redirectUri(request),
                    request.getRemoteAddr());
            Caller caller = people.require(finished.person());
            LOG.info("{} signed in from {}", caller.accessKey(), request.getRemoteAddr());
            AuditTrail.caller("session", caller.accessKey(), caller.projectId());
            response.addHeader(
                    HttpHeaders.SET_COOKIE, sessions.begin(caller, request).toString());
            // A page opens the target, not a redirect. The redirect would belong to a request from the issuer's site,
            // so browsers would not send the session's cookie with it, which is SameSite=Strict.
            model.addAttribute("to", SignInRedirect.isConsolePath(finished.to()) ? finished.to() : ConsolePath.ROOT);
            return "console/signed-in";
        } catch (RequestRefusedException e) {
            return signInPage(e, request, response, model);
        }
    }

    /** Returns the sign-in through the issuer; refuses the path as unknown if no issuer is configured. */
    private OidcSignIn requireSignIn() {
        if (signIn == null) {
            throw RequestRefusedException.of(ErrorCode.UNKNOWN_URL);
        }
        return signIn;
    }

    /** Shows the sign-in page again, with the reason why the sign-in through the issuer was refused. */
    private static String signInPage(
            RequestRefusedException e, HttpServletRequest request, HttpServletResponse response, Model model) {
        LOG.info("Sign-in refused to {}: {}", request.getRemoteAddr(), e.getMessage());
        AuditTrail.error(e.code().code());
        response.setStatus(e.code().status());
        if (e.retryAfterSeconds() != null) {
            response.setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(e.retryAfterSeconds()));
        }
        if (e.code() == ErrorCode.ISSUER_UNAVAILABLE) {
            model.addAttribute("problem", "signIn.issuerAway");
        } else if (e.code() == ErrorCode.TOO_MANY_WRONG_KEYS) {
            model.addAttribute("problem", "signIn.tooMany");
        } else {
            model.addAttribute("refusal", RefusalText.message(e));
        }
        return "console/sign-in";
    }

    private static String redirectUri(HttpServletRequest request) {
        return ServletUriComponentsBuilder.fromRequestUri(request)
                .replacePath(CALLBACK)
                .replaceQuery(null)
                .build()
                .toUriString();
    }

    /**
     * Returns the cookie of a sign-in. It is {@code SameSite=Lax}, because browsers send no strict cookie when the
     * issuer redirects them back.
     */
    private static String cookie(String value, Duration age, HttpServletRequest request) {
        return ResponseCookie.from(ConsoleCookies.name(COOKIE, request), value)
                .path(ConsoleCookies.path(request.isSecure()))
                .maxAge(age)
                .httpOnly(true)
                .sameSite("Lax")
                .secure(request.isSecure())
                .build()
                .toString();
    }
}
