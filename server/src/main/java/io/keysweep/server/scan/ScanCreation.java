package io.keysweep.server.scan;

import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceStore;
import io.keysweep.server.request.IdempotencyKey;
import io.keysweep.server.request.IdempotencyStore;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Creates scans with options; requests with the same idempotency key create one scan. Safe to share. */
@Service
public class ScanCreation {

    private final Scans scans;
    private final ScanStore store;
    private final InstanceStore instances;
    private final IdempotencyStore keys;
    private final InstructionWriter instructions;
    private final ServiceSettings settings;

    ScanCreation(
            Scans scans,
            ScanStore store,
            InstanceStore instances,
            IdempotencyStore keys,
            InstructionWriter instructions,
            ServiceSettings settings) {
        this.scans = scans;
        this.store = store;
        this.instances = instances;
        this.keys = keys;
        this.instructions = instructions;
        this.settings = settings;
    }

    /**
     * Creates a scan, or returns the scan that the same request has created before.
     *
     * @param key null for a request that creates a scan each time it is sent
     * @throws RequestRefusedException if the project has no such instance, if a scan of it is active, or if the key was
     *     used for another request
     */
    public Scan create(String projectId, ScanRequest request, @Nullable IdempotencyKey key) {
        Optional<Scan> earlier = earlier(projectId, key);
        if (earlier.isPresent()) {
            return earlier.get();
        }
        Instance instance = instances
                .find(projectId, request.instanceId())
                .orElseThrow(() -> RequestRefusedException.of(ErrorCode.UNKNOWN_INSTANCE));
        Duration timeout = request.timeout();
        try {
            return scans.createManual(
                    instance,
                    timeout == null ? settings.manualTimeout() : timeout,
                    request.pace().rateCeiling(),
                    scan -> {
                        instructions.choosePace(scan.id(), request.pace());
                        keys.remember(projectId, key, scan.id());
                    });
        } catch (RequestRefusedException e) {
            // The same request may have come in twice at once, and the other one has created the scan.
            return earlier(projectId, key).orElseThrow(() -> e);
        }
    }

    private Optional<Scan> earlier(String projectId, @Nullable IdempotencyKey key) {
        return keys.findEarlier(projectId, key, store::find);
    }
}
