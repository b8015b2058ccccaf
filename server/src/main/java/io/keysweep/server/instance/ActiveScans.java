package io.keysweep.server.instance;

import java.util.UUID;

/** Whether an instance is being scanned; answered by the scan feature, which depends on this one. */
@FunctionalInterface
public interface ActiveScans {

    /** Whether a scan of the instance is waiting or running. */
    boolean exists(UUID instanceId);
}
