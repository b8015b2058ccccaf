package io.keysweep.server.instance;

import io.keysweep.api.InstanceCheck;
import io.keysweep.api.InstanceRemoval;
import io.keysweep.api.InstanceView;
import io.keysweep.api.RaisedSettingsView;
import io.keysweep.server.error.QueryParameters;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.request.EntityTag;
import io.keysweep.server.request.IdempotencyKey;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/**
 * Serves {@code /api/v1/instances}: registers, shows, tests, changes and removes instances of the caller's project.
 *
 * <p>An instance is a server, Sentinel deployment or cluster that a project has registered. An inspection connects to
 * its primaries, which can take seconds. If a primary cannot be reached or swept, the response shows this as the
 * problem of the instance.
 */
@RestController
@RequestMapping("/api/v1/instances")
final class InstanceController {

    private final Instances instances;
    private final InstanceAccess access;
    private final InstanceChanges changes;
    private final InstanceChecks checks;
    private final InstanceViews views;

    InstanceController(
            Instances instances,
            InstanceAccess access,
            InstanceChanges changes,
            InstanceChecks checks,
            InstanceViews views) {
        this.instances = instances;
        this.access = access;
        this.changes = changes;
        this.checks = checks;
        this.views = views;
    }

    /**
     * Registers an instance and inspects it. An instance that cannot be swept now is also registered; the response
     * contains the problem.
     *
     * @param key identifies repetitions of the request: a repetition returns the instance that the first request
     *     registered
     */
    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    InstanceView register(
            @AuthenticationPrincipal Caller caller,
            @RequestBody(required = false) @Nullable JsonNode body,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            HttpServletResponse response) {
        caller.requireAction(Action.MANAGE_INSTANCES);
        Instance instance =
                changes.register(caller.projectId(), changes.read(body), IdempotencyKey.of(key, "instance", body));
        response.setHeader(HttpHeaders.LOCATION, "/api/v1/instances/" + instance.id());
        return withETag(instances.refresh(instance), response);
    }

    /**
     * Returns all instances of the project, ordered by name, with the results of their last inspections. Connects to no
     * server.
     */
    @GetMapping
    List<InstanceView> list(@AuthenticationPrincipal Caller caller) {
        return views.ofAll(caller.projectId(), access.list(caller, Action.LIST_INSTANCES));
    }

    /** Inspects an instance and returns it with the result. The ETag is the revision of its settings. */
    @GetMapping("/{id}")
    InstanceView get(@AuthenticationPrincipal Caller caller, @PathVariable String id, HttpServletResponse response) {
        return withETag(instances.refresh(access.require(caller, id, Action.GET_INSTANCE)), response);
    }

    /**
     * Changes the settings that the body names, inspects the instance, and returns it.
     *
     * @param ifMatch the ETag of the revision to change; null or {@code *} to change any revision
     */
    @PatchMapping("/{id}")
    InstanceView change(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestBody(required = false) @Nullable JsonNode body,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            HttpServletResponse response) {
        Instance instance = access.require(caller, id, Action.MANAGE_INSTANCES);
        Instance changedInstance =
                changes.change(caller, instance, body, EntityTag.expectedVersion(ifMatch, "the instance"));
        return withETag(instances.refresh(changedInstance), response);
    }

    /**
     * Removes an instance. Returns no content, or with force the settings of its servers that stay raised by assist.
     *
     * @param force whether to remove the instance even if assist has left settings of its servers raised
     */
    @DeleteMapping("/{id}")
    ResponseEntity<InstanceRemoval> remove(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestParam(defaultValue = "false") String force) {
        boolean forced = QueryParameters.flag("force", force);
        List<RaisedSettingsView> raised = changes.remove(access.require(caller, id, Action.MANAGE_INSTANCES), forced);
        return forced
                ? ResponseEntity.ok(new InstanceRemoval(raised))
                : ResponseEntity.noContent().build();
    }

    /**
     * Forgets settings that assist has left raised and that no scan will restore, and returns them. The service no
     * longer tries to restore them.
     */
    @DeleteMapping("/{id}/raised-settings")
    List<RaisedSettingsView> forgetRaisedSettings(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        return changes.forgetRaisedSettings(access.require(caller, id, Action.MANAGE_INSTANCES));
    }

    /**
     * Inspects the primaries of an instance as a scan would, stores a summary of the result with the instance, and
     * returns the result for each primary.
     */
    @PostMapping("/{id}/test")
    InstanceCheck test(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        return checks.ofRegistered(access.require(caller, id, Action.MANAGE_INSTANCES));
    }

    /** Inspects a deployment before it is registered, and stores nothing. The body has the form of a registration. */
    @PostMapping("/test")
    InstanceCheck test(@AuthenticationPrincipal Caller caller, @RequestBody(required = false) @Nullable JsonNode body) {
        caller.requireAction(Action.MANAGE_INSTANCES);
        return checks.ofNew(body);
    }

    /** Returns the view of an instance, and sets the ETag to the revision. */
    private InstanceView withETag(Instance instance, HttpServletResponse response) {
        response.setHeader(HttpHeaders.ETAG, EntityTag.of(instance.revision()));
        return views.of(instance);
    }
}
