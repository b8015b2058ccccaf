package io.keysweep.engine.estimate;

import io.keysweep.engine.link.NodeConnector;
import java.util.List;

/**
 * Tells how many expired keys still hold memory. Safe to share between threads. Implemented over any
 * {@link NodeConnector} by {@link ReplicaFirstEstimator}, on Lettuce by {@code
 * io.keysweep.engine.lettuce.LettuceEngine}.
 */
public interface BacklogEstimator extends AutoCloseable {

    /**
     * Estimates or counts the backlog of each primary of the deployment, one after the other on the calling thread.
     *
     * @throws EstimateRefusedException if it cannot be done without a harm that was not agreed to
     * @throws io.keysweep.engine.topology.NodeRefusedException if the server cannot be read
     * @throws InterruptedException if the calling thread is interrupted
     */
    List<Estimate> estimate(EstimateRequest request) throws InterruptedException;

    /** Ends its connections and threads. */
    @Override
    void close();
}
