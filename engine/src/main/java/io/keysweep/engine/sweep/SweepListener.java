package io.keysweep.engine.sweep;

/**
 * Hears what a sweep does. Called on the sweep's own thread between two steps, so a slow listener slows the sweep; an
 * exception from it ends the sweep and is passed on to its caller.
 */
@FunctionalInterface
public interface SweepListener {

    /** Called for every event, in order. */
    void onEvent(SweepEvent event);
}
