package io.keysweep.server.console;

import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.CallerLookup;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
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

/** Signs in by an access key and its secret key, and out again. */
@Controller
final class SignInController {

    static final String PATH = ConsolePath.ROOT + "/sign-in";

    private static final Logger LOG = LoggerFactory.getLogger(SignInController.class);

    private final CallerLookup callers;
    private final Sessions sessions;
    private final SignInRateLimit brake;

    SignInController(CallerLookup callers, Sessions sessions, SignInRateLimit brake) {
        this.callers = callers;
        this.sessions = sessions;
        this.brake = brake;
    }

    @GetMapping({"/", ConsolePath.ROOT + "/"})
    String root() {
        return "redirect:" + ConsolePath.ROOT;
    }

    @GetMapping(PATH)
    String form(@RequestParam(required = false) @Nullable String to, Model model) {
        model.addAttribute("to", to);
        return "console/sign-in";
    }

    @PostMapping(PATH)
    String signIn(
            @RequestParam(defaultValue = "") String accessKey,
            @RequestParam(defaultValue = "") String secretKey,
            @RequestParam(required = false) @Nullable String to,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        String address = request.getRemoteAddr();
        if (brake.holds(address)) {
            response.setStatus(HttpStatus.TOO_MANY_REQUESTS.value());
            return again(
                    model, accessKey, to, "Too many wrong keys came from your address. Wait a minute, then try again.");
        }
        Optional<Caller> caller = callers.authenticate(accessKey.strip(), secretKey.strip());
        if (caller.isEmpty()) {
            brake.wrongKey(address);
            LOG.info("Sign-in refused to {}", address);
            response.setStatus(HttpStatus.UNAUTHORIZED.value());
            return again(model, accessKey, to, "Access key or secret key is wrong.");
        }
        LOG.info("{} signed in from {}", caller.get().accessKey(), address);
        response.addHeader(
                HttpHeaders.SET_COOKIE, sessions.begin(caller.get(), request).toString());
        return "redirect:" + (SignInRedirect.ours(to) ? to : ConsolePath.ROOT);
    }

    @PostMapping(ConsolePath.ROOT + "/sign-out")
    String signOut(HttpServletRequest request, HttpServletResponse response) {
        response.addHeader(HttpHeaders.SET_COOKIE, sessions.end(request).toString());
        return "redirect:" + PATH;
    }

    private static String again(Model model, String accessKey, @Nullable String to, String problem) {
        model.addAttribute("accessKey", accessKey);
        model.addAttribute("to", to);
        model.addAttribute("problem", problem);
        return "console/sign-in";
    }
}
