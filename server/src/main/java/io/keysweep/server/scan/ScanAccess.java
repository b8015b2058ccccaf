package io.keysweep.server.scan;

import io.keysweep.api.ScanView;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.CallerLookup;
import io.keysweep.server.instance.InstanceAccess;
import io.keysweep.server.instance.InstanceId;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * Finds the scan that a request names, after a check that the caller has the permission for the request.
 *
 * <p>A scan of another project is treated as unknown, so that a caller does not learn that it exists.
 */
@Component
public class ScanAccess {

    private final ScanStore scans;
    private final InstanceAccess instances;
    private final CallerLookup callers;

    ScanAccess(ScanStore scans, InstanceAccess instances, CallerLookup callers) {
        this.scans = scans;
        this.callers = callers;
        this.instances = instances;
    }

    /**
     * Returns whether a caller that has read a scan may still read it with the rights that the caller has now. If the
     * password of the user was changed, or the user was removed and created again, the user is treated as another
     * caller.
     */
    boolean mayStillRead(Caller caller, ScanView view) {
        return callers.findCurrent(caller)
                .filter(currentCaller ->
                        instances.allows(currentCaller, UUID.fromString(view.instanceId()), Action.LIST_SCANS))
                .isPresent();
    }

    /**
     * Returns the scan in its current state.
     *
     * @param caller caller of the request, who acts for one project
     * @param id id from the request; a text that is not a UUID is treated as the id of an unknown scan
     * @param action action that the caller needs for the request
     * @throws RequestRefusedException if the caller does not have the action on the scan's instance, or if the caller's
     *     project has no such scan
     */
    public Scan scan(Caller caller, String id, Action action) {
        caller.requireActionSomewhere(action);
        // The ids of scans and instances are UUIDs, so the parser of instance ids reads the id of a scan.
        return InstanceId.parse(id)
                .flatMap(scans::find)
                .filter(scan ->
                        instances.find(caller, scan.instanceId(), action).isPresent())
                .orElseThrow(() -> RequestRefusedException.of(ErrorCode.UNKNOWN_SCAN));
    }
}
