package io.keysweep.server.console.session;

import io.keysweep.server.audit.AuditTrail;
import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.console.page.RefusalText;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.CallerLookup;
import io.keysweep.server.iam.guessing.SecretCheck;
import io.keysweep.server.iam.guessing.WrongSecretLimit;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * Serves the sign-in page, and signs users in to the console and out.
 *
 * <p>The form takes an access key and its secret key, or the name and the password of a user. {@link
 * OidcSignInController} signs users in through an issuer. {@link Sessions} records who is signed in.
 */
@Controller
final class SignInController {

    static final String PATH = ConsolePath.ROOT + "/sign-in";

    private static final Logger LOG = LoggerFactory.getLogger(SignInController.class);

    private final CallerLookup callers;
    private final Sessions sessions;
    private final WrongSecretLimit wrongSecrets;

    SignInController(CallerLookup callers, Sessions sessions, WrongSecretLimit wrongSecrets) {
        this.callers = callers;
        this.sessions = sessions;
        this.wrongSecrets = wrongSecrets;
    }

    /** Redirects the console's path with a slash at its end to the overview, which has the path without it. */
    @GetMapping(ConsolePath.ROOT + "/")
    String root() {
        return "redirect:" + ConsolePath.ROOT;
    }

    /**
     * Shows the sign-in page.
     *
     * @param returnPath path of the page that the user wanted to see; the overview is used if it is null
     */
    @GetMapping(PATH)
    String form(@RequestParam(name = "to", required = false) @Nullable String returnPath, Model model) {
        model.addAttribute("to", returnPath);
        return "console/sign-in";
    }

    /**
     * Signs a user in, and redirects to {@code returnPath}.
     *
     * <p>The sign-in page is shown again with status 401 if the name or the secret is wrong. This is also the answer if
     * the key or the user is disabled or has expired. After too many wrong secrets, {@link WrongSecretLimit} refuses to
     * check a secret. The page is then shown with status 429, even if the secret is right.
     *
     * @param accessKey access key or name of a user; spaces at both ends are ignored
     * @param secretKey secret key or password; spaces at both ends are ignored
     * @param returnPath path of the page that the user wanted to see; the overview is used if it is null or not in the
     *     console
     */
    @PostMapping(PATH)
    String signIn(
            @RequestParam(defaultValue = "") String accessKey,
            @RequestParam(defaultValue = "") String secretKey,
            @RequestParam(name = "to", required = false) @Nullable String returnPath,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        String address = request.getRemoteAddr();
        // Copied keys often end with a space or a line break.
        String principal = accessKey.strip();

        SecretCheck<Caller> check;
        try {
            check = wrongSecrets.check(address, principal, () -> callers.authenticate(principal, secretKey.strip()));
        } catch (RequestRefusedException e) {
            if (e.code() != ErrorCode.INVALID_TOKEN) {
                throw e;
            }
            // The secret is right, but the key or the user is disabled or has expired. The DCS API uses the code
            // INVALID_TOKEN for this, and so does the console.
            LOG.info("Sign-in refused to {}: {}", address, e.getMessage());
            response.setStatus(e.code().status());
            model.addAttribute("refusal", RefusalText.message(e));
            return signInPage(model, accessKey, returnPath, /* problem= */ null);
        }

        return switch (check) {
            case SecretCheck.Right<Caller> right -> begin(right.found(), returnPath, request, response);
            case SecretCheck.Wrong<Caller> wrong -> {
                LOG.info("Sign-in refused to {}", address);
                response.setStatus(HttpStatus.UNAUTHORIZED.value());
                yield signInPage(model, accessKey, returnPath, "signIn.wrong");
            }
            case SecretCheck.Refused<Caller> refused -> {
                RequestRefusedException error = refused.reason().error();
                response.setStatus(error.code().status());
                response.setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(error.retryAfterSeconds()));
                yield signInPage(
                        model,
                        accessKey,
                        returnPath,
                        switch (refused.reason()) {
                            case ADDRESS -> "signIn.tooMany";
                            case NAME -> "signIn.tooManyForName";
                        });
            }
        };
    }

    /** Begins the session of a caller, and returns the redirect to the page that the user wanted to see. */
    private String begin(
            Caller caller, @Nullable String returnPath, HttpServletRequest request, HttpServletResponse response) {
        LOG.info("{} signed in from {}", caller.accessKey(), request.getRemoteAddr());
        AuditTrail.caller("session", caller.accessKey(), caller.projectId());
        AuditTrail.owner(caller.owner());
        response.addHeader(
                HttpHeaders.SET_COOKIE, sessions.begin(caller, request).toString());
        // An attacker can choose this path in a link to the sign-in page, so it must not lead to another site.
        return "redirect:" + (SignInRedirect.isConsolePath(returnPath) ? returnPath : ConsolePath.ROOT);
    }

    /** Ends the session, and redirects to the sign-in page. */
    @PostMapping(ConsolePath.ROOT + "/sign-out")
    String signOut(HttpServletRequest request, HttpServletResponse response) {
        response.addHeader(HttpHeaders.SET_COOKIE, sessions.end(request).toString());
        return "redirect:" + PATH;
    }

    /**
     * Shows the sign-in page again, with the name from the form and the reason of the refusal.
     *
     * @param problem key of the reason in the message catalogue; null if the model has the reason as {@code refusal}
     */
    private static String signInPage(
            Model model, String accessKey, @Nullable String returnPath, @Nullable String problem) {
        model.addAttribute("accessKey", accessKey);
        model.addAttribute("to", returnPath);
        model.addAttribute("problem", problem);
        return "console/sign-in";
    }
}
