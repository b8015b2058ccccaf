package io.keysweep.server.instance;

import java.util.UUID;

/**
 * Reports whether an instance is being scanned. Meanwhile its address must not change, and it must not be removed.
 *
 * <p>The package of scans implements this interface, because it depends on this package and not the other way round.
 */
@FunctionalInterface
public interface ActiveScans {

    /** Returns whether a scan of the instance is waiting or running. */
    boolean exists(UUID instanceId);
}
