package io.keysweep.server.console.session;

import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.console.page.FormError;
import io.keysweep.server.console.page.FormFields;
import io.keysweep.server.error.FieldProblem;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.principal.OwnPassword;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Serves the page on which users change their own password. The change ends all other sessions of the user. */
@Controller
@RequestMapping(PasswordPageController.PATH)
final class PasswordPageController {

    static final String PATH = ConsolePath.ROOT + "/password";

    /** The field that repeats the new password. The API has no such field. */
    private static final String REPEATED_PASSWORD = "again";

    private final OwnPassword ownPassword;
    private final Sessions sessions;

    PasswordPageController(OwnPassword ownPassword, Sessions sessions) {
        this.ownPassword = ownPassword;
        this.sessions = sessions;
    }

    /**
     * Shows the form.
     *
     * @param changed present with any value if the password was just changed
     */
    @GetMapping
    String page(
            @AuthenticationPrincipal Caller caller,
            @RequestParam(required = false) @Nullable String changed,
            Model model) {
        ownPassword.requireUser(caller);
        model.addAttribute("changed", changed != null);
        return "console/password";
    }

    @PostMapping
    String change(
            @AuthenticationPrincipal Caller caller,
            @RequestParam Map<String, String> form,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        return FormError.orPage(
                "password",
                () -> {
                    requireSamePassword(form);
                    Caller callerAfterChange = ownPassword.change(
                            caller,
                            FormFields.of(form, List.of(OwnPassword.OLD, OwnPassword.NEW)),
                            request.getRemoteAddr());
                    // The change has also ended the session of this request, so the browser gets a new one.
                    response.addHeader(
                            HttpHeaders.SET_COOKIE,
                            sessions.begin(callerAfterChange, request).toString());
                    return "redirect:" + PATH + "?changed=1";
                },
                model,
                response,
                () -> page(caller, /* changed= */ null, model));
    }

    private static void requireSamePassword(Map<String, String> form) {
        String newPassword = form.getOrDefault(OwnPassword.NEW, "").strip();
        if (!newPassword.equals(form.getOrDefault(REPEATED_PASSWORD, "").strip())) {
            throw RequestRefusedException.fields(
                    List.of(new FieldProblem(REPEATED_PASSWORD, " (not shown here) differs from the new password.")));
        }
    }
}
