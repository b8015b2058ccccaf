package io.keysweep.server.instance;

import java.util.UUID;

/**
 * Reports whether an instance is being scanned, because its address must not change then. The package of scans
 * implements this interface, as it depends on this package and not the other way round.
 */
@FunctionalInterface
public interface ActiveScans {

    /** Returns whether a scan of the instance is waiting or running. */
    boolean exists(UUID instanceId);
}
