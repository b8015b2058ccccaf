package io.keysweep.server.console.policy;

import io.keysweep.api.StartPolicyView;
import io.keysweep.api.WindowsView;
import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.console.page.FormError;
import io.keysweep.server.console.page.FormFields;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Map;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import tools.jackson.databind.node.ObjectNode;

/** Serves the page with the policies of the project, which are the defaults of its instances, and with its budget. */
@Controller
@RequestMapping(PoliciesPageController.PATH)
final class PoliciesPageController {

    static final String PATH = ConsolePath.ROOT + "/policies";

    private final PolicyForms policies;
    private final PolicyFormSaver saver;

    PoliciesPageController(PolicyForms policies, PolicyFormSaver saver) {
        this.policies = policies;
        this.saver = saver;
    }

    @GetMapping
    String page(@AuthenticationPrincipal Caller caller, Model model) {
        caller.requireAction(Action.GET_INSTANCE);
        String project = caller.projectId();
        WindowsView windows = policies.ownDocument(policies.windows(/* ofInstance= */ false), caller, project);
        StartPolicyView start = policies.ownDocument(policies.startPolicy(/* ofInstance= */ false), caller, project);
        PolicyFormSaver.show(windows, start, model);
        if (caller.may(Action.LIST_SCANS)) {
            model.addAttribute("budget", policies.ownDocument(policies.budget(), caller, project));
        }
        return "console/policies";
    }

    @PostMapping("/windows")
    String saveWindows(
            @AuthenticationPrincipal Caller caller,
            @RequestParam MultiValueMap<String, String> form,
            HttpServletResponse response,
            Model model) {
        return saver.saveWindows(project(caller, model), form, response, model);
    }

    @PostMapping("/start-policy")
    String saveStartPolicy(
            @AuthenticationPrincipal Caller caller,
            @RequestParam Map<String, String> form,
            HttpServletResponse response,
            Model model) {
        return saver.saveStartPolicy(project(caller, model), form, response, model);
    }

    private PolicyFormSaver.Owner project(Caller caller, Model model) {
        return new PolicyFormSaver.Owner(
                caller, caller.projectId(), /* ofInstance= */ false, PATH, () -> page(caller, model));
    }

    @PostMapping("/budget")
    String saveBudget(
            @AuthenticationPrincipal Caller caller,
            @RequestParam Map<String, String> form,
            HttpServletResponse response,
            Model model) {
        ObjectNode document = FormFields.numbers(form, List.of("sweeps"));
        return FormError.orPage(
                "budget",
                () -> {
                    policies.save(policies.budget(), caller, caller.projectId(), document, form);
                    return "redirect:" + PATH;
                },
                model,
                response,
                () -> {
                    model.addAttribute("budgetText", form.getOrDefault("sweeps", ""));
                    return page(caller, model);
                });
    }
}
