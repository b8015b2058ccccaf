package io.keysweep.server.console.access;

import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.principal.AccessOperations;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Serves the pages of the users of a project, who sign in with a name and a password. */
@Controller
@RequestMapping(AccessForms.PROJECTS + "/{projectId}/users")
final class UsersPageController {

    private static final String PAGE = "users";

    private final AccessOperations access;
    private final AccessForms forms;

    UsersPageController(AccessOperations access, AccessForms forms) {
        this.access = access;
        this.forms = forms;
    }

    /**
     * Shows a page of the users of the project.
     *
     * @param page number of the page, see {@link AccessForms#addPage}
     */
    @GetMapping
    String list(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String projectId,
            @RequestParam(defaultValue = "1") String page,
            Model model) {
        forms.show(caller, projectId, model);
        AccessForms.addPage("users", access.users(caller, projectId), page, model);
        return "console/users";
    }

    @PostMapping
    String create(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String projectId,
            @RequestParam MultiValueMap<String, String> form,
            HttpServletResponse response,
            Model model) {
        return forms.handleOrShowAgain(
                "create",
                "policies",
                () -> {
                    ObjectNode body = RightsForm.rights(form, /* isPatch= */ false, forms.names(caller, projectId));
                    put(body, "name", form);
                    put(body, "password", form);
                    return "redirect:"
                            + AccessForms.path(
                                    projectId,
                                    PAGE + "/"
                                            + access.createUser(caller, projectId, body)
                                                    .name());
                },
                model,
                response,
                () -> {
                    model.addAttribute("form", withoutPassword(form));
                    return list(caller, projectId, /* page= */ "1", model);
                });
    }

    @GetMapping("/{name}")
    String page(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String projectId,
            @PathVariable String name,
            Model model) {
        forms.show(caller, projectId, model);
        model.addAttribute("user", access.user(caller, projectId, name));
        return "console/user";
    }

    /**
     * Sets a password, disables or enables the user, or changes the user's rights, depending on the fields of the form.
     */
    @PostMapping("/{name}")
    String change(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String projectId,
            @PathVariable String name,
            @RequestParam MultiValueMap<String, String> form,
            HttpServletResponse response,
            Model model) {
        String disabled = form.getFirst("disabled");
        boolean isPassword = form.containsKey("password");
        String formName = formName(isPassword, disabled);
        return forms.handleOrShowAgain(
                formName,
                formName.equals("rights") ? "policies" : "",
                () -> {
                    access.changeUser(
                            caller,
                            projectId,
                            name,
                            change(form, disabled, isPassword, forms.names(caller, projectId)));
                    return "redirect:" + AccessForms.path(projectId, PAGE + "/" + name);
                },
                model,
                response,
                () -> {
                    model.addAttribute("form", withoutPassword(form));
                    return page(caller, projectId, name, model);
                });
    }

    /**
     * Returns which form of the page was sent: {@code password}, {@code rights}, or {@code state} (to disable or
     * enable).
     */
    private static String formName(boolean isPassword, @Nullable String disabled) {
        if (isPassword) {
            return "password";
        }
        return disabled == null ? "rights" : "state";
    }

    @PostMapping("/{name}/remove")
    String remove(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String projectId,
            @PathVariable String name,
            HttpServletResponse response,
            Model model) {
        return forms.handleOrShowAgain(
                "state",
                /* field= */ "",
                () -> {
                    access.removeUser(caller, projectId, name);
                    return "redirect:" + AccessForms.path(projectId, PAGE);
                },
                model,
                response,
                () -> page(caller, projectId, name, model));
    }

    /** Returns the document of the API for one of the forms about a user: password, disabling, or rights. */
    private static ObjectNode change(
            MultiValueMap<String, String> form, @Nullable String disabled, boolean isPassword, InstanceNames names) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        if (isPassword) {
            // The document also contains an empty password, so that the API refuses it.
            return body.put("password", String.valueOf(form.getFirst("password")));
        }
        return disabled == null
                ? RightsForm.rights(form, /* isPatch= */ true, names)
                : body.put("disabled", disabled.equals("true"));
    }

    private static void put(ObjectNode body, String name, MultiValueMap<String, String> form) {
        String text = form.getFirst(name);
        if (text != null && !text.isEmpty()) {
            body.put(name, text);
        }
    }

    private static MultiValueMap<String, String> withoutPassword(MultiValueMap<String, String> form) {
        MultiValueMap<String, String> keptFields = new LinkedMultiValueMap<>(form);
        keptFields.remove("password");
        return keptFields;
    }
}
