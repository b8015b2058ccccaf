package io.keysweep.server.window;

import java.util.UUID;

/** Finds the window gate of an instance. */
@FunctionalInterface
public interface WindowGateFinder {

    /** Returns the gate of an instance as its windows are now; one that is always open if it has no windows. */
    WindowGate find(UUID instanceId);
}
