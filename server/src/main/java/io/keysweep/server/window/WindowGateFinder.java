package io.keysweep.server.window;

import java.util.UUID;

/**
 * Finds the {@link WindowGate} of an instance, which decides when its scans may run. Tests replace the implementation
 * {@link WindowGates}.
 */
@FunctionalInterface
public interface WindowGateFinder {

    /**
     * Returns the gate of an instance as its windows are now, those of its project included. The gate is always open if
     * neither has windows, or if there is no such instance.
     */
    WindowGate find(UUID instanceId);
}
