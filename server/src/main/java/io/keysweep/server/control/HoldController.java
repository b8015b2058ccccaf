package io.keysweep.server.control;

import io.keysweep.api.HoldView;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import java.util.List;
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

/**
 * Serves the requests that set, release and list project holds and the global hold.
 *
 * <p>A project hold holds all scans of a project, and the global hold holds all scans. Both last until a user
 * releases them. The paths are {@code /api/v1/hold}, {@code /api/v1/projects/{id}/hold} and {@code /api/v1/holds}. The
 * body that sets a hold is optional; its only field is {@code reason}. {@link Holds} checks the permissions and makes
 * the changes.
 */
@RestController
final class HoldController {

    private final Holds holds;
    private final Interventions interventions;

    HoldController(Holds holds, Interventions interventions) {
        this.holds = holds;
        this.interventions = interventions;
    }

    @PutMapping("/api/v1/hold")
    HoldView holdAll(@AuthenticationPrincipal Caller caller, @RequestBody(required = false) @Nullable JsonNode body) {
        // The permission is checked before the body is read, so that a caller without it gets no message about the
        // body.
        caller.requireAction(Action.HOLD_ALL);
        return holds.putAll(caller, interventions.of(caller, body));
    }

    @DeleteMapping("/api/v1/hold")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void releaseAll(@AuthenticationPrincipal Caller caller) {
        holds.releaseAll(caller);
    }

    @PutMapping("/api/v1/projects/{id}/hold")
    HoldView holdProject(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestBody(required = false) @Nullable JsonNode body) {
        // The permission is checked before the body is read, so that a caller without it gets no message about the
        // body.
        holds.requireProject(caller, id);
        return holds.put(caller, id, interventions.of(caller, body));
    }

    @DeleteMapping("/api/v1/projects/{id}/hold")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void releaseProject(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        holds.releaseProject(caller, id);
    }

    @GetMapping("/api/v1/holds")
    List<HoldView> list(@AuthenticationPrincipal Caller caller) {
        return holds.list(caller);
    }
}
