package io.keysweep.server.autoscan;

import io.keysweep.api.StartPolicyView;
import io.keysweep.api.StartView;
import io.keysweep.server.error.WholeNumber;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.policy.PolicyAccess;
import io.keysweep.server.policy.PolicyKind;
import io.keysweep.server.policy.PolicyStore;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code …/start-policy}, and what became of an instance's starts. */
@RestController
final class StartPolicyController {

    private static final String PROJECT = "/api/v1/projects/{id}/start-policy";
    private static final String INSTANCE = "/api/v1/instances/{id}/start-policy";
    private static final int MOST = 1000;

    private final PolicyStore policies;
    private final StartViews views;
    private final PolicyAccess access;
    private final JsonMapper json;

    StartPolicyController(PolicyStore policies, StartViews views, PolicyAccess access, JsonMapper json) {
        this.policies = policies;
        this.views = views;
        this.access = access;
        this.json = json;
    }

    @GetMapping(PROJECT)
    StartPolicyView ofProject(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        access.project(caller, id, Action.GET_INSTANCE);
        return views.of(policies.ofProject(PolicyKind.START, id));
    }

    @PutMapping(PROJECT)
    StartPolicyView setForProject(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestBody(required = false) @Nullable JsonNode document) {
        access.project(caller, id, Action.MANAGE_INSTANCES);
        policies.setForProject(PolicyKind.START, id, checked(document), caller.accessKey());
        return views.of(policies.ofProject(PolicyKind.START, id));
    }

    @DeleteMapping(PROJECT)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void removeFromProject(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        policies.removeFromProject(PolicyKind.START, access.project(caller, id, Action.MANAGE_INSTANCES));
    }

    @GetMapping(INSTANCE)
    StartPolicyView ofInstance(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        Instance instance = access.instance(caller, id, Action.GET_INSTANCE);
        return views.ofInstance(instance.id());
    }

    @PutMapping(INSTANCE)
    StartPolicyView setForInstance(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestBody(required = false) @Nullable JsonNode document) {
        Instance instance = access.instance(caller, id, Action.MANAGE_INSTANCES);
        policies.setForInstance(PolicyKind.START, instance, checked(document), caller.accessKey());
        return views.ofInstance(instance.id());
    }

    @DeleteMapping(INSTANCE)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void removeFromInstance(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        policies.removeFromInstance(PolicyKind.START, access.instance(caller, id, Action.MANAGE_INSTANCES));
    }

    /** The latest first; {@code limit} 1 to 1000, default 100. */
    @GetMapping("/api/v1/instances/{id}/starts")
    List<StartView> starts(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestParam(defaultValue = "0") String offset,
            @RequestParam(defaultValue = "100") String limit) {
        Instance instance = access.instance(caller, id, Action.LIST_SCANS);
        return views.starts(
                instance.id(),
                WholeNumber.parameter("offset", offset, 0, Integer.MAX_VALUE),
                WholeNumber.parameter("limit", limit, 1, MOST));
    }

    private String checked(@Nullable JsonNode document) {
        return json.writeValueAsString(StartPolicy.read(document).document());
    }
}
