package io.keysweep.server.console.instance;

import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.console.policy.PolicyFormSaver;
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

/**
 * Handles the forms with an instance's own windows and start policy. What they save replaces the windows and the
 * start policy of the project.
 *
 * <p>Windows are the times when scans may run. A start policy decides what starts an automatic scan.
 */
@Controller
@RequestMapping(ConsolePath.ROOT + "/instances/{id}")
final class InstancePolicyController {

    private final InstancePageController page;
    private final PolicyFormSaver saver;

    InstancePolicyController(InstancePageController page, PolicyFormSaver saver) {
        this.page = page;
        this.saver = saver;
    }

    @PostMapping("/windows")
    String saveWindows(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestParam MultiValueMap<String, String> form,
            HttpServletResponse response,
            Model model) {
        return saver.saveWindows(instance(caller, id, model), form, response, model);
    }

    @PostMapping("/start-policy")
    String saveStartPolicy(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestParam Map<String, String> form,
            HttpServletResponse response,
            Model model) {
        return saver.saveStartPolicy(instance(caller, id, model), form, response, model);
    }

    private PolicyFormSaver.Owner instance(Caller caller, String id, Model model) {
        return new PolicyFormSaver.Owner(
                caller,
                id,
                /* ofInstance= */ true,
                InstanceActionController.PATH + "/" + id,
                () -> page.page(caller, id, model));
    }
}
