package io.keysweep.engine.estimate;

import io.keysweep.engine.link.NodeConnector;
import java.util.List;

/**
 * Estimates how many dead keys a deployment holds: expired keys that still use memory. Thread-safe. {@link
 * ReplicaFirstEstimator} implements it over any {@link NodeConnector}; {@code io.keysweep.engine.lettuce.LettuceEngine}
 * creates one that uses Lettuce.
 */
public interface BacklogEstimator extends AutoCloseable {

    /**
     * Estimates or counts the backlog of each primary of the deployment, one after the other on the calling thread.
     *
     * @throws EstimateRefusedException if it is possible only with a harm that the request does not allow
     * @throws io.keysweep.engine.topology.NodeRefusedException if a server cannot be read
     * @throws InterruptedException if the calling thread is interrupted
     */
    List<Estimate> estimate(EstimateRequest request) throws InterruptedException;

    /** Ends the estimator's connections and threads. */
    @Override
    void close();
}
