package io.keysweep.server.window;

import io.keysweep.api.WindowsView;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.policy.PolicyAccess;
import io.keysweep.server.policy.PolicyKind;
import io.keysweep.server.policy.PolicyStore;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code …/windows}: the default of a project and the exceptions of its instances, each set as a whole. */
@RestController
final class WindowController {

    private static final String PROJECT = "/api/v1/projects/{id}/windows";
    private static final String INSTANCE = "/api/v1/instances/{id}/windows";

    private final PolicyStore policies;
    private final WindowViews views;
    private final PolicyAccess access;
    private final JsonMapper json;

    WindowController(PolicyStore policies, WindowViews views, PolicyAccess access, JsonMapper json) {
        this.policies = policies;
        this.views = views;
        this.access = access;
        this.json = json;
    }

    @GetMapping(PROJECT)
    WindowsView ofProject(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        access.project(caller, id, Action.GET_INSTANCE);
        return views.of(policies.ofProject(PolicyKind.WINDOWS, id));
    }

    @PutMapping(PROJECT)
    WindowsView setForProject(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestBody(required = false) @Nullable JsonNode document) {
        access.project(caller, id, Action.MANAGE_INSTANCES);
        policies.setForProject(PolicyKind.WINDOWS, id, checked(document), caller.accessKey());
        return views.of(policies.ofProject(PolicyKind.WINDOWS, id));
    }

    @DeleteMapping(PROJECT)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void removeFromProject(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        access.project(caller, id, Action.MANAGE_INSTANCES);
        policies.removeFromProject(PolicyKind.WINDOWS, id);
    }

    @GetMapping(INSTANCE)
    WindowsView ofInstance(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        Instance instance = access.instance(caller, id, Action.GET_INSTANCE);
        return views.ofInstance(instance.id());
    }

    @PutMapping(INSTANCE)
    WindowsView setForInstance(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestBody(required = false) @Nullable JsonNode document) {
        Instance instance = access.instance(caller, id, Action.MANAGE_INSTANCES);
        policies.setForInstance(PolicyKind.WINDOWS, instance, checked(document), caller.accessKey());
        return views.ofInstance(instance.id());
    }

    @DeleteMapping(INSTANCE)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void removeFromInstance(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        policies.removeFromInstance(PolicyKind.WINDOWS, access.instance(caller, id, Action.MANAGE_INSTANCES));
    }

    private String checked(@Nullable JsonNode document) {
        return json.writeValueAsString(WindowDocuments.write(WindowDocuments.read(document)));
    }
}
