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
 * {@code /api/v1/projects/{id}/access-keys}: for keys of that project that may manage access keys, and for who may manage
 * projects.
 */
@RestController
@RequestMapping("/api/v1/projects/{id}/access-keys")
final class AccessKeyController {

    private final Projects projects;
    private final ProjectKeys keys;

    AccessKeyController(Projects projects, ProjectKeys keys) {
        this.projects = projects;
        this.keys = keys;
    }

    @GetMapping
    List<AccessKeyView> list(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        return keys.list(project(caller, id));
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    AccessKeyView create(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestBody(required = false) @Nullable AccessKeyRegistration body,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        // Whose it is stands in the path, and makes it another request as well.
        IdempotencyKey idempotency = IdempotencyKey.of(key, "access-key", id + " " + body);
        return keys.create(caller, project(caller, id), body == null ? null : body.actions(), idempotency);
    }

    @DeleteMapping("/{accessKey}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void withdraw(@AuthenticationPrincipal Caller caller, @PathVariable String id, @PathVariable String accessKey) {
        keys.withdraw(caller, project(caller, id), accessKey);
    }

    private Project project(Caller caller, String id) {
        if (!caller.may(Action.MANAGE_PROJECTS)) {
            caller.require(Action.MANAGE_ACCESS_KEYS);
        }
        return projects.find(caller, id);
    }
}
