package io.keysweep.server.window;

import java.util.UUID;

/**
 * Finds the window gate of an instance, which says when its scans may run. Tests replace the implementation {@link
 * WindowGates}.
 */
@FunctionalInterface
public interface WindowGateFinder {

    /**
     * Returns the gate of an instance as its windows are now. The gate of an instance without windows is always open.
     */
    WindowGate find(UUID instanceId);
}
