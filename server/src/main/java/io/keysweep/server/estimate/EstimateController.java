package io.keysweep.server.estimate;

import io.keysweep.api.EstimateView;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.policy.PolicyAccess;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/**
 * Serves {@code /api/v1/instances/{id}/estimates}, where clients estimate the dead keys of an instance.
 *
 * <p>Dead keys are expired keys that still hold memory. {@code POST} makes an estimate, {@code GET} returns the last
 * one.
 */
@RestController
@RequestMapping("/api/v1/instances/{id}/estimates")
final class EstimateController {

    private final Estimates estimates;
    private final PolicyAccess access;

    EstimateController(Estimates estimates, PolicyAccess access) {
        this.estimates = estimates;
        this.access = access;
    }

    /**
     * Makes an estimate on the thread of the request, which can take tens of seconds, and much longer if all keys are
     * counted. The body is optional.
     */
    @PostMapping
    EstimateView make(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestBody(required = false) @Nullable JsonNode body) {
        Instance instance = access.instance(caller, id, Action.ANALYZE_EXPIRED_KEY);
        return estimates.make(instance, body, caller.accessKey());
    }

    /**
     * Returns the last estimate.
     *
     * @throws RequestRefusedException if the project has no such instance, or no estimate of it was made yet
     */
    @GetMapping
    EstimateView last(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        return estimates
                .last(access.instance(caller, id, Action.GET_INSTANCE))
                .orElseThrow(() -> RequestRefusedException.of(ErrorCode.UNKNOWN_ESTIMATE));
    }
}
