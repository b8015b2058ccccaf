package io.keysweep.server.instance;

import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import org.springframework.stereotype.Component;

/** Removes instances that nobody scans, with their scans and policies. Safe to share. */
@Component
public final class InstanceRemoval {

    private final InstanceStore store;
    private final ActiveScans activeScans;

    InstanceRemoval(InstanceStore store, ActiveScans activeScans) {
        this.store = store;
        this.activeScans = activeScans;
    }

    /**
     * Removes one.
     *
     * @throws RequestRefusedException if a scan of it is active
     */
    public void remove(Instance instance) {
        if (activeScans.exists(instance.id())) {
            throw RequestRefusedException.of(ErrorCode.INSTANCE_BUSY, "Remove it once the scan has ended.");
        }
        store.remove(instance.id());
    }
}
