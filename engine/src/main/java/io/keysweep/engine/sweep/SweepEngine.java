package io.keysweep.engine.sweep;

import io.keysweep.engine.topology.Deployment;

/**
 * The engine's front door. Safe to share between threads; one for a process is enough. Implemented on Lettuce by
 * {@code io.keysweep.engine.lettuce.LettuceSweepEngine}.
 */
public interface SweepEngine extends AutoCloseable {

    /**
     * Looks at the primary of a deployment without touching a key.
     *
     * @throws io.keysweep.engine.topology.NodeRefusedException if it cannot be swept
     */
    Inspection inspect(Deployment deployment);

    /**
     * Sweeps the primary of a deployment on the calling thread and returns when it is done, timed out or cancelled.
     *
     * @throws io.keysweep.engine.topology.NodeRefusedException if it cannot be swept, or not any more
     * @throws InterruptedException if the calling thread is interrupted; the last checkpoint has been reported
     */
    SweepReport sweep(SweepRequest request, SweepControl control, SweepListener listener) throws InterruptedException;

    /** Ends the engine's connections and threads. */
    @Override
    void close();
}
