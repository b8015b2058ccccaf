package io.keysweep.server.scan;

import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceAccess;
import io.keysweep.server.request.IdempotencyKey;
import io.keysweep.server.request.IdempotencyStore;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/**
 * Creates the scans that users request through the native API or the console.
 *
 * <p>Clients can repeat a request that got no response. All requests with the same idempotency key create one scan,
 * within 24 hours. {@link IdempotencyStore} stores the keys, and {@link Scans} creates the scan. Thread-safe.
 */
@Service
public class ScanCreation {

    private final Scans scans;
    private final ScanStore store;
    private final InstanceAccess instances;
    private final IdempotencyStore idempotency;
    private final InstructionWriter instructions;
    private final ScanCeilings scanCeilings;
    private final ServiceSettings settings;

    ScanCreation(
            Scans scans,
            ScanStore store,
            InstanceAccess instances,
            IdempotencyStore idempotency,
            InstructionWriter instructions,
            ScanCeilings scanCeilings,
            ServiceSettings settings) {
        this.scans = scans;
        this.store = store;
        this.instances = instances;
        this.idempotency = idempotency;
        this.instructions = instructions;
        this.scanCeilings = scanCeilings;
        this.settings = settings;
    }

    /**
     * Creates a manual scan, after a check over a connection that the server can be swept. A repeated request (one with
     * the same idempotency key) returns its earlier scan and connects to nothing.
     *
     * @param caller caller that requests the scan, for its project; needs the action {@code analyzeExpiredKey} on the
     *     instance
     * @param request instance, timeout and pace; a value that it leaves open comes from the settings, lowered to the
     *     ceilings (values of the pace that no scan may exceed without approval)
     * @param key idempotency key of the request, or null to create a scan for every request
     * @return the new scan, or the earlier one in its current state
     * @throws RequestRefusedException in each of these cases: the project has no such instance; the instance has an
     *     active scan; the key was used for another request; a part of the pace is above a ceiling; assist (raised
     *     settings of the servers) is not allowed
     * @throws io.keysweep.engine.topology.NodeRefusedException if the server cannot be swept
     */
    public Scan create(Caller caller, ScanRequest request, @Nullable IdempotencyKey key) {
        String projectId = caller.projectId();
        Instance instance = instances.require(caller, request.instanceId(), Action.ANALYZE_EXPIRED_KEY);
        Optional<Scan> earlierScan = findEarlier(projectId, key);
        if (earlierScan.isPresent()) {
            return earlierScan.get();
        }
        scanCeilings.requireWithinCeilings(instance.id(), request.pace());
        scanCeilings.requireAssistAllowed(instance, request.assist());
        Duration timeout = request.timeout();
        try {
            return scans.createManual(
                    instance,
                    caller.accessKey(),
                    timeout == null ? settings.manualTimeout() : timeout,
                    request.pace().rateCeiling(),
                    scan -> {
                        instructions.choosePace(scan.id(), request.pace());
                        instructions.chooseAssist(scan.id(), request.assist());
                        idempotency.remember(projectId, key, scan.id());
                    });
        } catch (RequestRefusedException e) {
            // The same request may have arrived twice at the same time. If this request was refused because the other
            // one has created the scan, both must return that scan.
            return findEarlier(projectId, key).orElseThrow(() -> e);
        }
    }

    /**
     * Creates a manual scan whose pace is above the ceilings of the instance and was approved by a second person.
     *
     * @param requestedBy id of the access key that has requested the scan
     * @param approvedBy id of the access key that has approved it
     * @param inSameTransaction writes rows that belong to the scan; if it throws an exception, no scan is created
     * @throws RequestRefusedException if the instance was removed or has an active scan
     * @throws io.keysweep.engine.topology.NodeRefusedException if the server cannot be swept
     */
    public Scan createApproved(
            Instance instance,
            ScanRequest request,
            String requestedBy,
            String approvedBy,
            Consumer<Scan> inSameTransaction) {
        Duration timeout = request.timeout();
        scanCeilings.requireAssistAllowed(instance, request.assist());
        return scans.createManual(
                instance,
                requestedBy,
                timeout == null ? settings.manualTimeout() : timeout,
                request.pace().rateCeiling(),
                scan -> {
                    instructions.choosePace(scan.id(), request.pace());
                    instructions.chooseAssist(scan.id(), request.assist());
                    instructions.approve(scan.id(), approvedBy, request.pace().rateCeiling());
                    inSameTransaction.accept(scan);
                });
    }

    /** Returns the scan of an earlier request with the same key; empty if there is none, or if the key is null. */
    private Optional<Scan> findEarlier(String projectId, @Nullable IdempotencyKey key) {
        return idempotency.findEarlier(projectId, key, store::find);
    }
}
