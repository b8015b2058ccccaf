package io.keysweep.server.console;

import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.iam.Caller;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Handles the forms with the windows and the start policy that an instance has as its exceptions. */
@Controller
@RequestMapping(ConsolePath.ROOT + "/instances/{id}")
final class InstancePolicyController {

    private final InstancePageController page;
    private final PolicyForms policies;

    InstancePolicyController(InstancePageController page, PolicyForms policies) {
        this.page = page;
        this.policies = policies;
    }

    @PostMapping("/windows")
    String saveWindows(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestParam MultiValueMap<String, String> form,
            HttpServletResponse response,
            Model model) {
        WindowsForm windows = WindowsForm.of(form);
        return FormError.orPage(
                "windows",
                () -> {
                    policies.save(
                            policies.windows(/* ofInstance= */ true),
                            caller,
                            id,
                            windows.document(),
                            form.toSingleValueMap());
                    return "redirect:" + InstanceActionController.PATH + "/" + id;
                },
                model,
                response,
                () -> {
                    model.addAttribute("windowsForm", windows.withEmptyRows());
                    return page.page(caller, id, model);
                });
    }

    @PostMapping("/start-policy")
    String saveStartPolicy(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestParam Map<String, String> form,
            HttpServletResponse response,
            Model model) {
        return FormError.orPage(
                "start-policy",
                () -> {
                    policies.save(
                            policies.startPolicy(/* ofInstance= */ true),
                            caller,
                            id,
                            StartPolicyForm.document(form),
                            form);
                    return "redirect:" + InstanceActionController.PATH + "/" + id;
                },
                model,
                response,
                () -> {
                    model.addAttribute("startForm", form);
                    return page.page(caller, id, model);
                });
    }
}
