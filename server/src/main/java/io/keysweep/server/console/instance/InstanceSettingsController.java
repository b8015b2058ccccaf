package io.keysweep.server.console.instance;

import io.keysweep.api.InstanceView;
import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.console.page.FormError;
import io.keysweep.server.console.page.FormFields;
import io.keysweep.server.console.page.RefusalText;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceChanges;
import io.keysweep.server.instance.InstanceChecks;
import io.keysweep.server.instance.InstanceViews;
import io.keysweep.server.instance.Instances;
import io.keysweep.server.policy.PolicyAccess;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * Handles the form with the settings of an instance: tests them, and saves them.
 *
 * <p>A test connects to the servers and changes nothing. The page shows the result at the form without a reload, so
 * that the fields keep their passwords.
 */
@Controller
@RequestMapping(ConsolePath.ROOT + "/instances/{id}/settings")
final class InstanceSettingsController {

    /** View with the result of a test. */
    static final String CHECK = "console/settings :: check";

    private static final String FORM = "settings";

    private final InstancePageController page;
    private final PolicyAccess access;
    private final InstanceChanges changes;
    private final InstanceChecks checks;
    private final Instances instances;
    private final InstanceViews views;

    InstanceSettingsController(
            InstancePageController page,
            PolicyAccess access,
            InstanceChanges changes,
            InstanceChecks checks,
            Instances instances,
            InstanceViews views) {
        this.page = page;
        this.access = access;
        this.changes = changes;
        this.checks = checks;
        this.instances = instances;
        this.views = views;
    }

    /** Saves the settings, and inspects the instance with them, which can take seconds. */
    @PostMapping
    String save(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestParam Map<String, String> form,
            HttpServletResponse response,
            Model model) {
        Instance instance = access.instance(caller, id, Action.MANAGE_INSTANCES);
        InstanceView currentSettings = views.of(instance);
        return FormError.orPage(
                FORM,
                () -> {
                    instances.refresh(changes.change(
                            caller, instance, SettingsForm.change(form, currentSettings), FormFields.version(form)));
                    return "redirect:" + InstanceActionController.PATH + "/" + instance.id();
                },
                model,
                response,
                () -> {
                    model.addAttribute("settingsForm", SettingsForm.withoutSecrets(form, currentSettings));
                    model.addAttribute("certificates", SettingsForm.certificates(form));
                    return page.page(caller, id, model);
                });
    }

    /** Inspects the servers that the form describes, and changes nothing. */
    @PostMapping("/test")
    String test(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestParam Map<String, String> form,
            HttpServletResponse response,
            Model model) {
        Instance instance = access.instance(caller, id, Action.MANAGE_INSTANCES);
        String view = FormError.orPage(
                FORM,
                () -> {
                    model.addAttribute(
                            "check",
                            checks.ofChange(
                                    instance, SettingsForm.change(form, views.of(instance)), RefusalText::message));
                    return CHECK;
                },
                model,
                response,
                () -> CHECK);
        // htmx replaces the fragment only if the status is 2xx; with another status the reason would not be shown.
        response.setStatus(HttpStatus.OK.value());
        return view;
    }
}
