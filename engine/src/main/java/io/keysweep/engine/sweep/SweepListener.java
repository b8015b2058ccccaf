package io.keysweep.engine.sweep;

/**
 * Receives the events of a sweep; the caller of {@link SweepEngine#sweep} implements it, for example to store
 * checkpoints.
 *
 * <p>Calls come from the sweep's own thread between two steps, so a slow listener slows the sweep down. If the listener
 * throws an exception, the sweep ends immediately, without a further checkpoint, and the caller of the sweep receives
 * the exception.
 */
@FunctionalInterface
public interface SweepListener {

    /** Receives the next event. */
    void onEvent(SweepEvent event);
}
