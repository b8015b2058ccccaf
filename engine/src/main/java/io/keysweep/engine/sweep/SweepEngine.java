package io.keysweep.engine.sweep;

import io.keysweep.engine.discovery.Topology;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.Shard;
import org.jspecify.annotations.Nullable;

/**
 * The sweep engine is the entry point of this library: it finds, inspects and sweeps primaries.
 *
 * <p>A primary is a Redis or Valkey server that accepts writes. To sweep a primary is to visit all its keys, so that
 * the server removes the expired ones and frees their memory. All methods block while they wait for servers.
 *
 * <p>Safe to share between threads; one instance for a process is enough.
 * {@code io.keysweep.engine.lettuce.LettuceEngine} creates an implementation on the Lettuce client library.
 */
public interface SweepEngine extends AutoCloseable {

    /**
     * Finds the primaries of a deployment: of one server, of a Sentinel deployment or of a cluster.
     *
     * @return the primaries; for a single server no command is sent
     * @throws io.keysweep.engine.topology.NodeRefusedException if no node gives a usable answer, or if two primaries
     *     have the same address
     */
    Topology discover(Deployment deployment);

    /**
     * Inspects the primary of a shard as a sweep does before its first step. The inspection neither reads nor changes a
     * live key; on some servers it removes a few expired keys.
     *
     * @param shard the part of a cluster that the primary serves; null for a deployment with a single primary
     * @throws io.keysweep.engine.topology.NodeRefusedException if the primary cannot be swept
     * @throws IllegalArgumentException if {@code shard} is null for a cluster
     */
    PrimarySummary inspect(Deployment deployment, @Nullable Shard shard);

    /** Inspects the primary of a deployment that is not a cluster, see {@link #inspect(Deployment, Shard)}. */
    default PrimarySummary inspect(Deployment deployment) {
        return inspect(deployment, /* shard= */ null);
    }

    /**
     * Reads the keys and the memory of a primary from INFO, without a check whether the primary can be swept.
     *
     * @param deployment the deployment whose credentials and TLS settings to use
     * @param primary the address of the primary, as {@link #discover} has returned it
     * @throws io.keysweep.engine.topology.NodeRefusedException if the primary cannot be reached or refuses INFO
     */
    PrimaryReading read(Deployment deployment, NodeAddress primary);

    /**
     * Sweeps the primary of a shard on the calling thread, until the sweep is complete, timed out or cancelled. An
     * exception that the listener throws ends the sweep and reaches the caller.
     *
     * @param request which primary to sweep, how fast, and from where
     * @param control pauses, cancels or retunes the sweep from other threads
     * @param listener receives progress and checkpoints on the calling thread
     * @throws io.keysweep.engine.topology.NodeRefusedException if the primary cannot be swept, at the start or later.
     *     The listener has received the last checkpoint by then, unless the sweep had not started.
     * @throws InterruptedException if the calling thread is interrupted. The listener has received the last checkpoint
     *     by then, unless the sweep had not started.
     * @throws IllegalArgumentException if the request names a cluster but no shard
     */
    SweepReport sweep(SweepRequest request, SweepControl control, SweepListener listener) throws InterruptedException;

    /** Releases the resources of the engine. No call may be running. */
    @Override
    void close();
}
