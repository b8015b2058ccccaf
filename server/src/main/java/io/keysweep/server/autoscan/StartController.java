package io.keysweep.server.autoscan;

import io.keysweep.api.StartView;
import io.keysweep.server.error.QueryParameters;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.policy.PolicyAccess;
import java.util.List;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Serves {@code /api/v1/instances/{id}/starts}: lists the automatic scans of an instance that were started or skipped.
 */
@RestController
final class StartController {

    private static final int MAX_LIMIT = 1000;

    private final StartViews views;
    private final PolicyAccess access;

    StartController(StartViews views, PolicyAccess access) {
        this.views = views;
        this.access = access;
    }

    /**
     * Returns a page of the starts, the latest first. A start records that a scan was due, and why it was started or
     * skipped.
     *
     * @param offset number of starts to skip, by default 0
     * @param limit maximum number of starts on the page, 1 to 1000, by default 100
     */
    @GetMapping("/api/v1/instances/{id}/starts")
    List<StartView> starts(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestParam(defaultValue = "0") String offset,
            @RequestParam(defaultValue = "100") String limit) {
        Instance instance = access.instance(caller, id, Action.LIST_SCANS);
        return views.starts(
                instance.id(),
                QueryParameters.wholeNumber("offset", offset, 0, QueryParameters.MAX_NUMBER),
                QueryParameters.wholeNumber("limit", limit, 1, MAX_LIMIT));
    }
}
