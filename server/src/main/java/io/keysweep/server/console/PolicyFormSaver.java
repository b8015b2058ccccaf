package io.keysweep.server.console;

import io.keysweep.server.iam.Caller;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;

/** Saves the forms of windows and of a start policy, which projects and instances have alike. Thread-safe. */
@Component
final class PolicyFormSaver {

    private final PolicyForms policies;

    PolicyFormSaver(PolicyForms policies) {
        this.policies = policies;
    }

    /**
     * Describes whose policy a form is about.
     *
     * @param id id of the project or the instance
     * @param ofInstance whether it is an instance
     * @param path path of the page with the form, to which the browser goes after a change
     * @param page shows the page again, with the form as it was sent, after a refusal
     */
    record Owner(Caller caller, String id, boolean ofInstance, String path, Supplier<String> page) {}

    /** Saves the windows, or shows the page again with what is wrong. Returns the view or the redirect. */
    String saveWindows(Owner owner, MultiValueMap<String, String> form, HttpServletResponse response, Model model) {
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

    /** Saves the start policy, or shows the page again with what is wrong. Returns the view or the redirect. */
    String saveStartPolicy(Owner owner, Map<String, String> form, HttpServletResponse response, Model model) {
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
