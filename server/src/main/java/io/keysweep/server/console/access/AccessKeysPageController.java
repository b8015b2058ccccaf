package io.keysweep.server.console.access;

import io.keysweep.api.AccessKeyView;
import io.keysweep.server.console.page.DurationFields;
import io.keysweep.server.console.page.Permissions;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.principal.AccessOperations;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Serves the pages of the access keys of a project: the list, and each key with the forms that change it.
 *
 * <p>A user who is not allowed to manage the keys of the project sees, creates, changes, rotates and withdraws only
 * their own keys here.
 *
 * <p>A secret is shown once, on the page that answers the creation of its key. Browsers do not store that page.
 */
@Controller
@RequestMapping(AccessForms.PROJECTS + "/{projectId}/access-keys")
final class AccessKeysPageController {

    private static final String PAGE = "access-keys";

    private final AccessOperations access;
    private final AccessForms forms;

    AccessKeysPageController(AccessOperations access, AccessForms forms) {
        this.access = access;
        this.forms = forms;
    }

    /**
     * Shows a page of the keys of the project that the caller may see.
     *
     * @param owner name of a user, to show only the keys of this user; null for all keys
     * @param page number of the page, see {@link AccessForms#addPage}
     */
    @GetMapping
    String list(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String projectId,
            @RequestParam(required = false) @Nullable String owner,
            @RequestParam(defaultValue = "1") String page,
            Model model) {
        forms.showKeys(caller, projectId, model);
        AccessForms.addPage(
                "keys",
                access.accessKeys(caller, projectId).stream()
                        .filter(key -> owner == null || owner.equals(key.userId()))
                        .toList(),
                page,
                model);
        // Without the permission to manage access, the list has only the caller's own keys.
        model.addAttribute("owner", Permissions.of(caller).manageAccess() ? owner : caller.accessKey());
        return "console/access-keys";
    }

    /** Creates a key, and shows its secret once. */
    @PostMapping
    String create(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String projectId,
            @RequestParam(required = false) @Nullable String owner,
            @RequestParam MultiValueMap<String, String> form,
            HttpServletResponse response,
            Model model) {
        return forms.handleOrShowAgain(
                "create",
                "policies",
                () -> {
                    ObjectNode body = RightsForm.rights(form, /* isPatch= */ false, forms.names(caller, projectId));
                    String user = form.getFirst("userId");
                    if (user != null && !user.isBlank()) {
                        body.put("userId", user.strip());
                    }
                    String actions = form.getFirst("actions");
                    if (actions != null && !actions.isBlank()) {
                        ArrayNode names = body.putArray("actions");
                        RightsForm.parts(actions).forEach(names::add);
                    }
                    model.addAttribute("created", access.createAccessKey(caller, projectId, body));
                    // The list is in the order of creation, so the last page has the new key.
                    return list(caller, projectId, owner, AccessForms.LAST_PAGE, model);
                },
                model,
                response,
                () -> {
                    model.addAttribute("form", form);
                    return list(caller, projectId, owner, /* page= */ "1", model);
                });
    }

    @GetMapping("/{accessKey}")
    String page(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String projectId,
            @PathVariable String accessKey,
            Model model) {
        forms.showKeys(caller, projectId, model);
        model.addAttribute("key", access.accessKey(caller, projectId, accessKey));
        return "console/access-key";
    }

    /**
     * Changes the policies of a key, the instances that the key is limited to, and when it expires. A form with the
     * field {@code disabled} disables or enables the key instead.
     */
    @PostMapping("/{accessKey}")
    String change(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String projectId,
            @PathVariable String accessKey,
            @RequestParam MultiValueMap<String, String> form,
            HttpServletResponse response,
            Model model) {
        String disabled = form.getFirst("disabled");
        return forms.handleOrShowAgain(
                disabled == null ? "rights" : "state",
                disabled == null ? "policies" : "",
                () -> {
                    access.changeAccessKey(
                            caller,
                            projectId,
                            accessKey,
                            disabled == null
                                    ? RightsForm.rights(form, /* isPatch= */ true, forms.names(caller, projectId))
                                    : JsonNodeFactory.instance.objectNode().put("disabled", disabled.equals("true")));
                    return "redirect:" + AccessForms.path(projectId, PAGE + "/" + accessKey);
                },
                model,
                response,
                () -> {
                    model.addAttribute("form", form);
                    return page(caller, projectId, accessKey, model);
                });
    }

    /**
     * Creates another key with the same rights, and shows its secret once. The old key can still be used for a while.
     * The form says for how long (the overlap).
     */
    @PostMapping("/{accessKey}/rotate")
    String rotate(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String projectId,
            @PathVariable String accessKey,
            @RequestParam Map<String, String> form,
            HttpServletResponse response,
            Model model) {
        return forms.handleOrShowAgain(
                "rotate",
                /* field= */ "",
                () -> {
                    ObjectNode body = JsonNodeFactory.instance.objectNode();
                    DurationFields.put(body, "overlapMinutes", form.getOrDefault("overlapMinutes", ""));
                    AccessKeyView created = access.rotateAccessKey(caller, projectId, accessKey, body);
                    model.addAttribute("created", created);
                    return page(caller, projectId, created.accessKey(), model);
                },
                model,
                response,
                () -> {
                    model.addAttribute("overlap", form.get("overlapMinutes"));
                    return page(caller, projectId, accessKey, model);
                });
    }

    @PostMapping("/{accessKey}/withdraw")
    String withdraw(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String projectId,
            @PathVariable String accessKey,
            HttpServletResponse response,
            Model model) {
        return forms.handleOrShowAgain(
                "state",
                /* field= */ "",
                () -> {
                    access.withdrawAccessKey(caller, projectId, accessKey);
                    return "redirect:" + AccessForms.path(projectId, PAGE);
                },
                model,
                response,
                () -> page(caller, projectId, accessKey, model));
    }
}
