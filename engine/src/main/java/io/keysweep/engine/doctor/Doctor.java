package io.keysweep.engine.doctor;

import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.topology.Deployment;

/**
 * Examines servers and reports facts that prevent a sweep or make it more expensive. Thread-safe.
 *
 * <p>A sweep visits all keys of a primary, so that the server removes the expired ones. Each result is a {@link
 * Finding}. The examination neither reads nor changes a live key.
 *
 * <p>{@link ServerDoctor} implements the examination over any {@link NodeConnector}. {@code
 * io.keysweep.engine.lettuce.LettuceEngine} creates a doctor that uses Lettuce.
 */
public interface Doctor extends AutoCloseable {

    /**
     * Examines a single server (primary or replica), or all primaries of a deployment one after the other, and returns
     * when all are examined. If a primary of a cluster cannot be examined, the other primaries are still examined.
     *
     * @param deployment the servers to examine
     * @param purging whether the proposed user gets the right to run MEMORY PURGE, which a sweep can send at its end
     * @throws io.keysweep.engine.topology.NodeRefusedException if the primaries cannot be found; or if the deployment
     *     is not a cluster and its server cannot be connected to, refuses INFO, or breaks the connection
     */
    Examination examine(Deployment deployment, boolean purging);

    /** Releases the resources of the doctor. No call may be running. */
    @Override
    void close();
}
