package io.keysweep.server.trend;

import io.keysweep.api.TrendView;
import io.keysweep.server.error.QueryParameters;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.policy.PolicyAccess;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Serves {@code GET /api/v1/instances/{id}/trends}, which returns what scans and estimates of an instance have measured
 * over time.
 */
@RestController
final class TrendController {

    private final Trends trends;
    private final PolicyAccess access;

    TrendController(Trends trends, PolicyAccess access) {
        this.trends = trends;
        this.access = access;
    }

    /**
     * Returns the measurements of an instance, the earliest first.
     *
     * @param days number of days until now, 1 to 731, by default 30
     */
    @GetMapping("/api/v1/instances/{id}/trends")
    TrendView trends(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestParam(defaultValue = "30") String days) {
        Instance instance = access.instance(caller, id, Action.LIST_SCANS);
        int number = QueryParameters.wholeNumber("days", days, 1, Trends.MAX_DAYS);
        return new TrendView(
                instance.id().toString(),
                number,
                trends.history(instance.id(), number).stream()
                        .map(TrendPoint::view)
                        .toList());
    }
}
