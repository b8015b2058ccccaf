package io.keysweep.server.scan;

import io.keysweep.api.HoldReasonView;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.sweep.HoldHistory;
import java.util.List;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * Serves {@code GET /api/v1/scans/{id}/holds}, which reports how often and how long a scan was on hold.
 *
 * <p>A hold is a time without steps (calls that visit keys), for example because the server is unreachable. The list
 * has one entry for each reason.
 */
@RestController
final class HoldHistoryController {

    private final ScanAccess access;
    private final HoldHistory history;

    HoldHistoryController(ScanAccess access, HoldHistory history) {
        this.access = access;
        this.history = history;
    }

    @GetMapping("/api/v1/scans/{id}/holds")
    List<HoldReasonView> holds(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        return history.of(access.scan(caller, id, Action.LIST_SCANS).id()).stream()
                .map(HoldHistory.HeldFor::view)
                .toList();
    }
}
