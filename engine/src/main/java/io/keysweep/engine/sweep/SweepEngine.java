package io.keysweep.engine.sweep;

import io.keysweep.engine.discovery.Topology;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.Shard;
import org.jspecify.annotations.Nullable;

/**
 * The engine's front door. Safe to share between threads; one for a process is enough. Implemented on Lettuce by
 * {@code io.keysweep.engine.lettuce.LettuceEngine}.
 */
public interface SweepEngine extends AutoCloseable {

    /**
     * Finds the primaries of a deployment.
     *
     * @throws io.keysweep.engine.topology.NodeRefusedException if nobody can tell
     */
    Topology discover(Deployment deployment);

    /**
     * Looks at the primary of a shard without touching a key.
     *
     * @param shard null for the only one of a deployment that is no cluster
     * @throws io.keysweep.engine.topology.NodeRefusedException if it cannot be swept
     */
    PrimarySummary inspect(Deployment deployment, @Nullable Shard shard);

    /** The same of a deployment that has one primary. */
    default PrimarySummary inspect(Deployment deployment) {
        return inspect(deployment, null);
    }

    /**
     * Sweeps the primary of a shard on the calling thread and returns when it is done, timed out or cancelled.
     *
     * @throws io.keysweep.engine.topology.NodeRefusedException if it cannot be swept, or not any more
     * @throws InterruptedException if the calling thread is interrupted; the last checkpoint has been reported
     */
    SweepReport sweep(SweepRequest request, SweepControl control, SweepListener listener) throws InterruptedException;

    /** Ends the engine's connections and threads. */
    @Override
    void close();
}
