package io.keysweep.server.scan;

import io.keysweep.api.HoldsView;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.InstanceId;
import io.keysweep.server.instance.InstanceStore;
import java.util.List;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/scans/{id}/holds}: how long a scan was on hold, by reason. */
@RestController
final class HoldHistoryController {

    private final ScanStore scans;
    private final InstanceStore instances;
    private final HoldHistory history;

    HoldHistoryController(ScanStore scans, InstanceStore instances, HoldHistory history) {
        this.scans = scans;
        this.instances = instances;
        this.history = history;
    }

    @GetMapping("/api/v1/scans/{id}/holds")
    List<HoldsView> holds(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        caller.require(Action.LIST_SCANS);
        return InstanceId.parse(id)
                .flatMap(scans::find)
                .filter(scan ->
                        instances.find(caller.projectId(), scan.instanceId()).isPresent())
                .map(scan -> history.of(scan.id()))
                .orElseThrow(() -> RequestRefusedException.of(ErrorCode.UNKNOWN_SCAN))
                .stream()
                .map(HoldHistory.HeldFor::view)
                .toList();
    }
}
