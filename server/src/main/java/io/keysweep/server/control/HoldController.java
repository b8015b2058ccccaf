package io.keysweep.server.control;

import io.keysweep.api.HoldView;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.KnownProjects;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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

/** {@code /api/v1/hold}, {@code /api/v1/projects/{id}/hold} and {@code /api/v1/holds}: nothing steps until released. */
@RestController
final class HoldController {

    private static final Logger LOG = LoggerFactory.getLogger(HoldController.class);

    private final HoldStore store;
    private final RunningSweeps running;
    private final Interventions interventions;
    private final KnownProjects projects;

    HoldController(HoldStore store, RunningSweeps running, Interventions interventions, KnownProjects projects) {
        this.store = store;
        this.running = running;
        this.interventions = interventions;
        this.projects = projects;
    }

    @PutMapping("/api/v1/hold")
    HoldView holdAll(@AuthenticationPrincipal Caller caller, @RequestBody(required = false) @Nullable JsonNode body) {
        caller.require(Action.HOLD_ALL);
        return put(HoldStore.EVERYTHING, caller, body);
    }

    @DeleteMapping("/api/v1/hold")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void releaseAll(@AuthenticationPrincipal Caller caller) {
        caller.require(Action.HOLD_ALL);
        release(caller, HoldStore.EVERYTHING);
    }

    @PutMapping("/api/v1/projects/{id}/hold")
    HoldView holdProject(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestBody(required = false) @Nullable JsonNode body) {
        requireProject(caller, id);
        return put(id, caller, body);
    }

    @DeleteMapping("/api/v1/projects/{id}/hold")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void releaseProject(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        requireProject(caller, id);
        release(caller, id);
    }

    @GetMapping("/api/v1/holds")
    List<HoldView> list(@AuthenticationPrincipal Caller caller) {
        caller.require(Action.LIST_SCANS);
        return store.list(caller.may(Action.HOLD_ALL) ? null : caller.projectId()).stream()
                .map(HoldController::view)
                .toList();
    }

    /** One's own project with the right to control its scans; any other with the right to hold everything. */
    private void requireProject(Caller caller, String id) {
        caller.require(id.equals(caller.projectId()) ? Action.CONTROL_SCANS : Action.HOLD_ALL);
        if (!projects.exists(id)) {
            throw RequestRefusedException.of(ErrorCode.UNKNOWN_PROJECT);
        }
    }

    private HoldView put(String scope, Caller caller, @Nullable JsonNode body) {
        HoldStore.Hold hold = new HoldStore.Hold(scope, interventions.of(caller, body));
        store.put(hold);
        LOG.info("Held {} {}", scope, hold.intervention());
        running.look();
        return view(hold);
    }

    private void release(Caller caller, String scope) {
        store.remove(scope);
        LOG.info("Released {} by {}", scope, caller.accessKey());
        running.wakeProject(scope.equals(HoldStore.EVERYTHING) ? null : scope);
    }

    private static HoldView view(HoldStore.Hold hold) {
        boolean all = hold.scope().equals(HoldStore.EVERYTHING);
        return new HoldView(
                (all ? Scope.ALL : Scope.PROJECT).wireName(),
                all ? null : hold.scope(),
                hold.intervention().by(),
                hold.intervention().why(),
                hold.intervention().at());
    }
}
