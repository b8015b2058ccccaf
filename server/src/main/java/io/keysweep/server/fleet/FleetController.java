package io.keysweep.server.fleet;

import io.keysweep.api.FleetResult;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.QueryParameters;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/**
 * Serves {@code POST /api/v1/instances/apply}, which changes the caller's instances to match a fleet document.
 *
 * <p>A fleet document describes instances (registered Redis servers and deployments) of a project as they should be.
 */
@RestController
final class FleetController {

    private final FleetApplier fleet;

    FleetController(FleetApplier fleet) {
        this.fleet = fleet;
    }

    /**
     * Applies the document in the body, completely or not at all.
     *
     * @param dryRun {@code true} to report what would change without changing it
     * @param prune {@code true} to delete the instances that the document does not name
     */
    @PostMapping("/api/v1/instances/apply")
    FleetResult apply(
            @AuthenticationPrincipal Caller caller,
            @RequestBody(required = false) @Nullable JsonNode document,
            @RequestParam(defaultValue = "false") String dryRun,
            @RequestParam(defaultValue = "false") String prune) {
        caller.requireAction(Action.MANAGE_INSTANCES);
        try {
            return fleet.apply(
                    caller, document, QueryParameters.flag("dryRun", dryRun), QueryParameters.flag("prune", prune));
        } catch (DuplicateKeyException e) {
            // The duplicate is not a name, because the instances of the project are locked. Ids are unique in all
            // projects, so a request for another project has just used one of them.
            throw RequestRefusedException.of(ErrorCode.ID_TAKEN, "Apply the document again to see which id it is.");
        }
    }
}
