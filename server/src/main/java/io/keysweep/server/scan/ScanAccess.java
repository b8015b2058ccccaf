package io.keysweep.server.scan;

import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.InstanceId;
import io.keysweep.server.instance.InstanceStore;
import org.springframework.stereotype.Component;

/** The checks of every operation on one scan: the caller's policy, and that the scan is their project's. */
@Component
public class ScanAccess {

    private final ScanStore scans;
    private final InstanceStore instances;

    ScanAccess(ScanStore scans, InstanceStore instances) {
        this.scans = scans;
        this.instances = instances;
    }

    /**
     * The scan, as it stands now.
     *
     * @throws RequestRefusedException if the caller may not do that, or if their project has no such scan
     */
    public Scan scan(Caller caller, String id, Action action) {
        caller.require(action);
        return InstanceId.parse(id)
                .flatMap(scans::find)
                .filter(scan ->
                        instances.find(caller.projectId(), scan.instanceId()).isPresent())
                .orElseThrow(() -> RequestRefusedException.of(ErrorCode.UNKNOWN_SCAN));
    }
}
