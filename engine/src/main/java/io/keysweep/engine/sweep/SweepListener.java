package io.keysweep.engine.sweep;

/**
 * Receives the events of a sweep.
 *
 * <p>Called on the sweep's own thread between two steps, so a slow listener slows the sweep down. If it throws, the
 * sweep ends and the exception reaches the sweep's caller.
 */
@FunctionalInterface
public interface SweepListener {

    /** Receives the next event. */
    void onEvent(SweepEvent event);
}
