package io.keysweep.server.console.scan;

import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.console.page.FormError;
import io.keysweep.server.console.page.FormFields;
import io.keysweep.server.control.Holds;
import io.keysweep.server.control.Interventions;
import io.keysweep.server.iam.Caller;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * Serves the page that shows, sets and releases project holds and the global hold.
 *
 * <p>A project hold holds all scans of one project, and the global hold holds all scans, until a user releases the
 * hold. {@link Holds} checks the permissions. After success the browser returns to the page; a refused form is shown
 * again with the error.
 */
@Controller
@RequestMapping(HoldsPageController.PATH)
final class HoldsPageController {

    static final String PATH = ConsolePath.ROOT + "/holds";

    private final Holds holds;
    private final Interventions interventions;

    HoldsPageController(Holds holds, Interventions interventions) {
        this.holds = holds;
        this.interventions = interventions;
    }

    @GetMapping
    String page(@AuthenticationPrincipal Caller caller, Model model) {
        list(caller, model);
        return "console/holds";
    }

    /** Shows the page again after a form was refused, with the reason that the user has written. */
    private String pageAgain(Caller caller, Map<String, String> form, Model model) {
        model.addAttribute("givenReason", form.get("reason"));
        return page(caller, model);
    }

    /** Returns the fragment with the list, which the page requests every 2 seconds. */
    @GetMapping("/list")
    String list(@AuthenticationPrincipal Caller caller, Model model) {
        model.addAttribute("holds", holds.list(caller));
        return "console/holds :: list";
    }

    @PostMapping("/all")
    String holdAll(
            @AuthenticationPrincipal Caller caller,
            @RequestParam Map<String, String> form,
            HttpServletResponse response,
            Model model) {
        return FormError.orPage(
                "all",
                () -> {
                    holds.putAll(caller, interventions.of(caller, FormFields.of(form, Interventions.FIELDS)));
                    return "redirect:" + PATH;
                },
                model,
                response,
                () -> pageAgain(caller, form, model));
    }

    @PostMapping("/all/release")
    String releaseAll(@AuthenticationPrincipal Caller caller) {
        holds.releaseAll(caller);
        return "redirect:" + PATH;
    }

    @PostMapping("/projects/{projectId}")
    String holdProject(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String projectId,
            @RequestParam Map<String, String> form,
            HttpServletResponse response,
            Model model) {
        return FormError.orPage(
                "project",
                () -> {
                    holds.put(caller, projectId, interventions.of(caller, FormFields.of(form, Interventions.FIELDS)));
                    return "redirect:" + PATH;
                },
                model,
                response,
                () -> pageAgain(caller, form, model));
    }

    @PostMapping("/projects/{projectId}/release")
    String releaseProject(@AuthenticationPrincipal Caller caller, @PathVariable String projectId) {
        holds.releaseProject(caller, projectId);
        return "redirect:" + PATH;
    }
}
