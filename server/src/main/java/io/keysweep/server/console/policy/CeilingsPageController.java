package io.keysweep.server.console.policy;

import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.console.page.FormError;
import io.keysweep.server.console.page.ListPage;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.policy.PolicyOwner;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Serves the page that shows and sets the ceilings of the project, which limit how fast scans may go. */
@Controller
@RequestMapping(CeilingsPageController.PATH)
final class CeilingsPageController {

    static final String PATH = ConsolePath.ROOT + "/ceilings";

    private final CeilingsForm ceilings;

    CeilingsPageController(CeilingsForm ceilings) {
        this.ceilings = ceilings;
    }

    /**
     * Shows the page.
     *
     * @param page which part of the list of tags to show, from 1
     */
    @GetMapping
    String page(@AuthenticationPrincipal Caller caller, @RequestParam(defaultValue = "1") String page, Model model) {
        caller.requireAction(Action.GET_INSTANCE);
        ceilings.show(PolicyOwner.project(caller.projectId()), page, model);
        return "console/ceilings";
    }

    @PostMapping
    String save(
            @AuthenticationPrincipal Caller caller,
            @RequestParam Map<String, String> form,
            HttpServletResponse response,
            Model model) {
        return FormError.orPage(
                "ceilings",
                () -> {
                    ceilings.save(caller, caller.projectId(), /* ofInstance= */ false, form);
                    int page = ListPage.number(CeilingsForm.page(form));
                    return "redirect:" + PATH + (page == 1 ? "" : "?page=" + page);
                },
                model,
                response,
                () -> {
                    CeilingsForm.keepFields(form, model);
                    return page(caller, CeilingsForm.page(form), model);
                });
    }
}
