package io.keysweep.server.console.scan;

import io.keysweep.api.ApprovalView;
import io.keysweep.server.approval.Approvals;
import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.console.page.FormError;
import io.keysweep.server.console.page.FormFields;
import io.keysweep.server.control.Interventions;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.InstanceStore;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * Serves the page of requests for scans above the ceilings of their instance, which wait for approval.
 *
 * <p>A ceiling is a value of the pace that no scan may exceed without approval, set for a project, a tag or an
 * instance. {@link Approvals} checks the permissions, and that nobody approves their own request.
 */
@Controller
@RequestMapping(ApprovalsPageController.PATH)
final class ApprovalsPageController {

    static final String PATH = ConsolePath.ROOT + "/approvals";

    private final Approvals approvals;
    private final InstanceStore instances;
    private final Interventions interventions;

    ApprovalsPageController(Approvals approvals, InstanceStore instances, Interventions interventions) {
        this.approvals = approvals;
        this.instances = instances;
        this.interventions = interventions;
    }

    @GetMapping
    String page(@AuthenticationPrincipal Caller caller, Model model) {
        List<ApprovalView> requests = approvals.list(caller);
        model.addAttribute("requests", requests);
        model.addAttribute(
                "names",
                instances.names(
                        caller.projectId(),
                        requests.stream()
                                .map(request -> UUID.fromString(request.instanceId()))
                                .distinct()
                                .toList()));
        return "console/approvals";
    }

    @PostMapping("/{id}/approve")
    String approve(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestParam Map<String, String> form,
            HttpServletResponse response,
            Model model) {
        return FormError.orPage(
                "approvals",
                () -> {
                    ApprovalView approved = approvals.approve(
                            caller, id, interventions.of(caller, FormFields.of(form, Interventions.FIELDS)));
                    return "redirect:" + ConsolePath.ROOT + "/scans/" + approved.scanId();
                },
                model,
                response,
                () -> page(caller, model));
    }

    @PostMapping("/{id}/reject")
    String reject(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestParam Map<String, String> form,
            HttpServletResponse response,
            Model model) {
        return FormError.orPage(
                "approvals",
                () -> {
                    approvals.reject(caller, id, interventions.of(caller, FormFields.of(form, Interventions.FIELDS)));
                    return "redirect:" + PATH;
                },
                model,
                response,
                () -> page(caller, model));
    }
}
