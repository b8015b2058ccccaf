package io.keysweep.server.scan;

import io.keysweep.api.TimelineView;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.timeline.TimelineReader;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Serves {@code GET /api/v1/scans/{id}/timeline}, which reports what happened to a scan, who did it, why and when. */
@RestController
final class TimelineController {

    private final ScanAccess access;
    private final TimelineReader timelines;

    TimelineController(ScanAccess access, TimelineReader timelines) {
        this.access = access;
        this.timelines = timelines;
    }

    @GetMapping("/api/v1/scans/{id}/timeline")
    TimelineView timeline(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        return timelines.of(access.scan(caller, id, Action.LIST_SCANS).id());
    }
}
