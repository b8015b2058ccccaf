package io.keysweep.server.console.instance;

import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.console.page.FormError;
import io.keysweep.server.console.page.FormFields;
import io.keysweep.server.console.page.RefusalText;
import io.keysweep.server.console.page.TagsForm;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceChanges;
import io.keysweep.server.instance.InstanceChecks;
import io.keysweep.server.instance.Instances;
import jakarta.servlet.http.HttpServletResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import tools.jackson.databind.node.ObjectNode;

/**
 * Shows and handles the form that registers a Redis or Valkey deployment as an instance.
 *
 * <p>After success the browser is redirected to the page of the instance. A refused form is shown again with the error.
 * A button tests the settings without registering anything. Only the API can choose the id of an instance.
 */
@Controller
@RequestMapping(ConsolePath.ROOT + "/register")
final class RegisterPageController {

    private static final List<String> FIELDS =
            List.of("name", "uri", "username", "password", "sentinelUsername", "sentinelPassword", "nodeMap");
    private static final List<String> CERTIFICATES = List.of("tlsCa", "tlsCertificate", "tlsKey");
    private static final List<String> SECRETS = List.of("password", "sentinelPassword", "tlsKey");

    private final InstanceChanges changes;
    private final Instances instances;
    private final InstanceChecks checks;

    RegisterPageController(InstanceChanges changes, Instances instances, InstanceChecks checks) {
        this.changes = changes;
        this.instances = instances;
        this.checks = checks;
    }

    @GetMapping
    String page(@AuthenticationPrincipal Caller caller, Model model) {
        caller.requireAction(Action.MANAGE_INSTANCES);
        // A refused form has already put its values into the model, to show them again.
        if (!model.containsAttribute("form")) {
            model.addAttribute("form", Map.of());
        }
        return "console/register";
    }

    /**
     * Registers the instance and inspects its servers, which can take seconds. An instance that cannot be swept is also
     * registered; its page shows the problem.
     */
    @PostMapping
    String register(
            @AuthenticationPrincipal Caller caller,
            @RequestParam Map<String, String> form,
            HttpServletResponse response,
            Model model) {
        caller.requireAction(Action.MANAGE_INSTANCES);
        return FormError.orPage(
                "register",
                () -> {
                    ObjectNode document = document(form);
                    document.setAll(TagsForm.change(form));
                    Instance instance = instances.refresh(
                            changes.register(caller.projectId(), changes.read(document), /* key= */ null));
                    return "redirect:" + ConsolePath.ROOT + "/instances/" + instance.id();
                },
                model,
                response,
                () -> {
                    model.addAttribute("form", withoutSecrets(form));
                    model.addAttribute("certificates", SettingsForm.certificates(form));
                    return page(caller, model);
                });
    }

    /**
     * Inspects the servers that a form describes, and registers nothing. Returns a fragment with the result, which the
     * page shows at the form. For a test, the form needs no name.
     */
    @PostMapping("/test")
    String test(
            @AuthenticationPrincipal Caller caller,
            @RequestParam Map<String, String> form,
            HttpServletResponse response,
            Model model) {
        caller.requireAction(Action.MANAGE_INSTANCES);
        String view = FormError.orPage(
                "register",
                () -> {
                    ObjectNode document = document(form);
                    if (!document.has("name")) {
                        document.put("name", "test");
                    }
                    model.addAttribute("check", checks.ofNew(document, RefusalText::message));
                    return InstanceSettingsController.CHECK;
                },
                model,
                response,
                () -> InstanceSettingsController.CHECK);
        // htmx replaces the fragment only if the status is 2xx; with another status the reason would not be shown.
        response.setStatus(HttpStatus.OK.value());
        return view;
    }

    /** Returns the document with which a client of the API would register the same instance. */
    private static ObjectNode document(Map<String, String> form) {
        ObjectNode document = FormFields.of(form, FIELDS);
        for (String name : CERTIFICATES) {
            String text = form.getOrDefault(name, "").replace("\r\n", "\n").strip();
            if (!text.isEmpty()) {
                document.put(name, text + "\n");
            }
        }
        String assist = form.getOrDefault("assist", "");
        if (assist.equals("true") || assist.equals("false")) {
            document.put("assist", Boolean.parseBoolean(assist));
        }
        return document;
    }

    /**
     * Returns the values that the form shows again after a refusal, without passwords and private keys, and without a
     * URI that may contain a password. Otherwise a secret could remain in a cache or on a screen.
     */
    private static Map<String, String> withoutSecrets(Map<String, String> form) {
        Map<String, String> values = new HashMap<>(form);
        SECRETS.forEach(values::remove);
        // A URI with an @ can contain a password before it.
        values.computeIfPresent("uri", (name, uri) -> uri.contains("@") ? null : uri);
        return values;
    }
}
