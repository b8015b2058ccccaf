package io.keysweep.server.instance;

import java.util.UUID;

/**
 * Reports whether an instance has an active scan. An active scan waits or runs.
 *
 * <p>During a scan, the address of the instance must not change, and the instance must not be removed. The package
 * {@code scan} implements this interface, because this package must not depend on {@code scan}.
 */
@FunctionalInterface
public interface ActiveScans {

    /** Returns whether a scan of the instance is waiting or running. */
    boolean exists(UUID instanceId);
}
