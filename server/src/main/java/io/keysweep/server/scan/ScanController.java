package io.keysweep.server.scan;

import io.keysweep.api.ScanView;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.InstanceId;
import io.keysweep.server.instance.InstanceStore;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/scans}: a scan in full, live while it runs. */
@RestController
final class ScanController {

    private final ScanStore scans;
    private final InstanceStore instances;

    ScanController(ScanStore scans, InstanceStore instances) {
        this.scans = scans;
        this.instances = instances;
    }

    @GetMapping("/api/v1/scans/{id}")
    ScanView get(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        caller.require(Action.LIST_SCANS);
        return InstanceId.parse(id)
                .flatMap(scans::find)
                .filter(scan ->
                        instances.find(caller.projectId(), scan.instanceId()).isPresent())
                .map(ScanController::view)
                .orElseThrow(() -> RequestRefusedException.of(ErrorCode.UNKNOWN_SCAN));
    }

    private static ScanView view(Scan scan) {
        return new ScanView(
                scan.id().toString(),
                scan.instanceId().toString(),
                scan.state().wireName(),
                scan.type().wireName(),
                scan.visited(),
                scan.reclaimed(),
                scan.exact(),
                scan.fraction(),
                scan.hold(),
                scan.failure(),
                scan.sweeps().stream()
                        .map(SweepRecord::method)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null),
                scan.longestStall().toNanos() / 1e6,
                memory(scan, /* before= */ true),
                memory(scan, /* before= */ false),
                scan.createdAt(),
                scan.startedAt(),
                scan.finishedAt());
    }

    /** Summed over the primaries; null as long as one of them is missing. */
    private static @Nullable Long memory(Scan scan, boolean before) {
        long sum = 0;
        for (SweepRecord sweep : scan.sweeps()) {
            Long bytes = before ? sweep.usedMemoryBefore() : sweep.usedMemoryAfter();
            if (bytes == null) {
                return null;
            }
            sum += bytes;
        }
        return sum;
    }
}
