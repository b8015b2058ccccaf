package io.keysweep.server.console.access;

import io.keysweep.api.AccessPolicyView;
import io.keysweep.server.console.page.FormFields;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.principal.AccessOperations;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Serves the pages of the access policies of a project: the list, and each policy with its statements as rows. */
@Controller
@RequestMapping(AccessForms.PROJECTS + "/{projectId}/access-policies")
final class AccessPoliciesPageController {

    private static final String PAGE = "access-policies";

    private final AccessOperations access;
    private final AccessForms forms;

    AccessPoliciesPageController(AccessOperations access, AccessForms forms) {
        this.access = access;
        this.forms = forms;
    }

    @GetMapping
    String list(@AuthenticationPrincipal Caller caller, @PathVariable String projectId, Model model) {
        forms.show(caller, projectId, model);
        if (!model.containsAttribute("rows")) {
            model.addAttribute("rows", RightsForm.withEmptyRows(List.of()));
        }
        return "console/access-policies";
    }

    /** Creates a policy; refuses the name of a policy that exists. */
    @PostMapping
    String create(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String projectId,
            @RequestParam MultiValueMap<String, String> form,
            HttpServletResponse response,
            Model model) {
        List<RightsForm.StatementRow> rows = RightsForm.rows(form);
        String submittedName = form.getFirst("name");
        String name = submittedName == null ? "" : submittedName.strip();
        return forms.handleOrShowAgain(
                "policy",
                "statements",
                () -> {
                    access.setPolicy(
                            caller,
                            projectId,
                            name,
                            RightsForm.policy(rows, forms.names(caller, projectId)),
                            /* version= */ 0,
                            response);
                    return "redirect:" + AccessForms.path(projectId, PAGE + "/" + name);
                },
                model,
                response,
                () -> {
                    model.addAttribute("name", name);
                    model.addAttribute("rows", RightsForm.withEmptyRows(rows));
                    return list(caller, projectId, model);
                });
    }

    @GetMapping("/{name}")
    String page(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String projectId,
            @PathVariable String name,
            Model model) {
        forms.show(caller, projectId, model);
        AccessPolicyView policy = access.policy(caller, projectId, name);
        model.addAttribute("policy", policy);
        if (!model.containsAttribute("rows")) {
            model.addAttribute(
                    "rows", RightsForm.withEmptyRows(RightsForm.rows(policy, forms.names(caller, projectId))));
        }
        return "console/access-policy";
    }

    /** Replaces the statements of a policy; refuses this if the policy has changed since the page was shown. */
    @PostMapping("/{name}")
    String change(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String projectId,
            @PathVariable String name,
            @RequestParam MultiValueMap<String, String> form,
            HttpServletResponse response,
            Model model) {
        List<RightsForm.StatementRow> rows = RightsForm.rows(form);
        return forms.handleOrShowAgain(
                "policy",
                "statements",
                () -> {
                    access.setPolicy(
                            caller,
                            projectId,
                            name,
                            RightsForm.policy(rows, forms.names(caller, projectId)),
                            FormFields.version(form.toSingleValueMap()),
                            response);
                    return "redirect:" + AccessForms.path(projectId, PAGE + "/" + name);
                },
                model,
                response,
                () -> {
                    model.addAttribute("rows", RightsForm.withEmptyRows(rows));
                    return page(caller, projectId, name, model);
                });
    }

    @PostMapping("/{name}/remove")
    String remove(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String projectId,
            @PathVariable String name,
            HttpServletResponse response,
            Model model) {
        return forms.handleOrShowAgain(
                "policy",
                /* field= */ "",
                () -> {
                    access.removePolicy(caller, projectId, name);
                    return "redirect:" + AccessForms.path(projectId, PAGE);
                },
                model,
                response,
                () -> page(caller, projectId, name, model));
    }
}
