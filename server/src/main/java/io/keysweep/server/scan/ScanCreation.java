package io.keysweep.server.scan;

import io.keysweep.server.config.ServerSettings;
import io.keysweep.server.control.OrderStore;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Creates scans with options, once for each idempotency key. Safe to share. */
@Service
public class ScanCreation {

    private final Scans scans;
    private final ScanStore store;
    private final InstanceStore instances;
    private final IdempotencyStore keys;
    private final OrderStore orders;
    private final ServerSettings settings;
    private final InstantSource clock;

    ScanCreation(
            Scans scans,
            ScanStore store,
            InstanceStore instances,
            IdempotencyStore keys,
            OrderStore orders,
            ServerSettings settings,
            InstantSource clock) {
        this.scans = scans;
        this.store = store;
        this.instances = instances;
        this.keys = keys;
        this.orders = orders;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Creates a scan, or finds the one that the same request has made.
     *
     * @param key null for a request that makes a scan each time it comes
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
                        orders.choose(scan.id(), request.pace());
                        if (key != null) {
                            keys.keep(projectId, key, scan.id(), clock.instant());
                        }
                    });
        } catch (RequestRefusedException e) {
            // The same request may have come in twice at once, and the other was quicker.
            return earlier(projectId, key).orElseThrow(() -> e);
        }
    }

    private Optional<Scan> earlier(String projectId, @Nullable IdempotencyKey key) {
        if (key == null) {
            return Optional.empty();
        }
        Optional<IdempotencyStore.Earlier> found = keys.find(projectId, key.key(), clock.instant());
        if (found.isPresent() && !found.get().request().equals(key.request())) {
            throw RequestRefusedException.of(
                    ErrorCode.IDEMPOTENCY_KEY_REUSED,
                    "Idempotency-Key is '" + key.key() + "', must be another for another body.");
        }
        return found.flatMap(kept -> store.find(kept.scanId()));
    }
}
