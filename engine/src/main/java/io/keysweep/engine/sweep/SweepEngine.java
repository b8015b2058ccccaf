package io.keysweep.engine.sweep;

import io.keysweep.engine.discovery.Topology;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.Shard;
import org.jspecify.annotations.Nullable;

/**
 * The sweep engine is the entry point of this library: it finds, inspects and sweeps primaries.
 *
 * <p>Safe to share between threads; one instance for a process is enough. {@code
 * io.keysweep.engine.lettuce.LettuceEngine} creates an implementation on the Lettuce client library.
 */
public interface SweepEngine extends AutoCloseable {

    /**
     * Finds the primaries of a deployment.
     *
     * @throws io.keysweep.engine.topology.NodeRefusedException if no node can say which they are
     */
    Topology discover(Deployment deployment);

    /**
     * Inspects the primary of a shard without touching a key.
     *
     * @param shard the shard; null for a deployment with a single primary
     * @throws io.keysweep.engine.topology.NodeRefusedException if the primary cannot be swept
     */
    PrimarySummary inspect(Deployment deployment, @Nullable Shard shard);

    /** Inspects the primary of a deployment that has only one, see {@link #inspect(Deployment, Shard)}. */
    default PrimarySummary inspect(Deployment deployment) {
        return inspect(deployment, null);
    }

    /**
     * Sweeps the primary of a shard on the calling thread, until the sweep is complete, timed out or cancelled.
     *
     * @param control pauses, cancels or retunes the sweep from other threads
     * @param listener receives progress and checkpoints on the calling thread
     * @throws io.keysweep.engine.topology.NodeRefusedException if the primary cannot be swept, or no longer; the last
     *     checkpoint has been reported
     * @throws InterruptedException if the calling thread is interrupted; the last checkpoint has been reported
     */
    SweepReport sweep(SweepRequest request, SweepControl control, SweepListener listener) throws InterruptedException;

    /** Closes the engine's connections and ends its threads. */
    @Override
    void close();
}
