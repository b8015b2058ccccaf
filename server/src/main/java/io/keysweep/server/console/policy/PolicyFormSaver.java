package io.keysweep.server.console.policy;

import io.keysweep.api.StartPolicyView;
import io.keysweep.api.WindowsView;
import io.keysweep.server.console.page.FormError;
import io.keysweep.server.iam.Caller;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;

/**
 * Shows and saves the forms of windows and of a start policy of a project or an instance.
 *
 * <p>Windows are times when sweeps may run. A start policy decides what starts a scan. Thread-safe.
 */
@Component
public final class PolicyFormSaver {

    private final PolicyForms policies;

    PolicyFormSaver(PolicyForms policies) {
        this.policies = policies;
    }

    /**
     * Identifies the project or the instance whose policy a form changes, and the page with the form.
     *
     * @param caller the sender of the form
     * @param id id of the project or the instance
     * @param ofInstance whether it is the id of an instance
     * @param path path of the page with the form, to which the browser goes after a change
     * @param page shows the page again, with the form as it was sent, after a refusal
     */
    public record Owner(Caller caller, String id, boolean ofInstance, String path, Supplier<String> page) {}

    /**
     * Adds the windows and the start policy to the model, with the fields of their forms. Fields that a refused form
     * has already put there are kept.
     */
    public static void show(WindowsView windows, StartPolicyView startPolicy, Model model) {
        model.addAttribute("windows", windows);
        model.addAttribute("startPolicy", startPolicy);
        if (!model.containsAttribute("windowsForm")) {
            model.addAttribute("windowsForm", WindowsForm.of(windows.document()));
        }
        if (!model.containsAttribute("startForm")) {
            model.addAttribute("startForm", StartPolicyForm.of(startPolicy.document()));
        }
    }

    /** Saves the windows, or shows the page again with the errors. Returns the view or the redirect. */
    public String saveWindows(
            Owner owner, MultiValueMap<String, String> form, HttpServletResponse response, Model model) {
        WindowsForm windows = WindowsForm.of(form);
        return FormError.orPage(
                "windows",
                () -> {
                    policies.save(
                            policies.windows(owner.ofInstance()),
                            owner.caller(),
                            owner.id(),
                            windows.document(),
                            form.toSingleValueMap());
                    return "redirect:" + owner.path();
                },
                model,
                response,
                () -> {
                    model.addAttribute("windowsForm", windows.withEmptyRows());
                    return owner.page().get();
                });
    }

    /** Saves the start policy, or shows the page again with the errors. Returns the view or the redirect. */
    public String saveStartPolicy(Owner owner, Map<String, String> form, HttpServletResponse response, Model model) {
        return FormError.orPage(
                "start-policy",
                () -> {
                    policies.save(
                            policies.startPolicy(owner.ofInstance()),
                            owner.caller(),
                            owner.id(),
                            StartPolicyForm.document(form),
                            form);
                    return "redirect:" + owner.path();
                },
                model,
                response,
                () -> {
                    model.addAttribute("startForm", form);
                    return owner.page().get();
                });
    }
}
