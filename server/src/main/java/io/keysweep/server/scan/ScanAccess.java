package io.keysweep.server.scan;

import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.InstanceId;
import io.keysweep.server.instance.InstanceStore;
import org.springframework.stereotype.Component;

/** Checks for every operation on one scan that the caller may do it, and that the scan is the caller's. */
@Component
public class ScanAccess {

    private final ScanStore scans;
    private final InstanceStore instances;

    ScanAccess(ScanStore scans, InstanceStore instances) {
        this.scans = scans;
        this.instances = instances;
    }

    /**
     * Returns the scan in its present state.
     *
     * @throws RequestRefusedException if the caller may not do that, or if the caller's project has no such scan
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
