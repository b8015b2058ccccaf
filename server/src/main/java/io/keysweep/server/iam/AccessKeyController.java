package io.keysweep.server.iam;

import io.keysweep.api.AccessKeyRegistration;
import io.keysweep.api.AccessKeyView;
import io.keysweep.server.request.IdempotencyKey;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * Serves {@code /api/v1/projects/{id}/access-keys}: lists, creates and withdraws the access keys of a project.
 *
 * <p>The caller needs {@link Action#MANAGE_ACCESS_KEYS} for its own project, or {@link Action#MANAGE_PROJECTS} for any
 * project. {@link AccessKeys} also checks that the caller has all actions of the key.
 */
@RestController
@RequestMapping("/api/v1/projects/{id}/access-keys")
final class AccessKeyController {

    private final Projects projects;
    private final AccessKeys accessKeys;

    AccessKeyController(Projects projects, AccessKeys accessKeys) {
        this.projects = projects;
        this.accessKeys = accessKeys;
    }

    @GetMapping
    List<AccessKeyView> list(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        return accessKeys.list(requireAccess(caller, id));
    }

    /**
     * Creates an access key. Only the response to the first request with an {@code Idempotency-Key} shows the secret.
     */
    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    AccessKeyView create(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestBody(required = false) @Nullable AccessKeyRegistration body,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        Project project = requireAccess(caller, id);
        // The project is in the path, so the body alone does not identify a repeated request.
        IdempotencyKey idempotency = IdempotencyKey.of(key, "access-key", project.id() + " " + body);
        return accessKeys.create(caller, project, body == null ? null : body.actions(), idempotency);
    }

    @DeleteMapping("/{accessKey}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void withdraw(@AuthenticationPrincipal Caller caller, @PathVariable String id, @PathVariable String accessKey) {
        accessKeys.withdraw(caller, requireAccess(caller, id), accessKey);
    }

    /** Returns the project in the path; refuses a caller that must not manage the access keys of the project. */
    private Project requireAccess(Caller caller, String id) {
        if (!caller.may(Action.MANAGE_PROJECTS)) {
            caller.require(Action.MANAGE_ACCESS_KEYS);
        }
        return projects.find(caller, id);
    }
}
