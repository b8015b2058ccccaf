package io.keysweep.server.window;

import java.util.UUID;

/**
 * Finds the {@link WindowGate} of an instance. The gate uses windows (times of the week) to decide when scans of the
 * instance may run. Tests replace the implementation {@link WindowGates}.
 */
@FunctionalInterface
public interface WindowGateFinder {

    /**
     * Returns the gate for the windows that apply to an instance now: the windows of the instance, or else the windows
     * of its project. The gate is always open if neither has windows, or if there is no such instance.
     */
    WindowGate find(UUID instanceId);
}
