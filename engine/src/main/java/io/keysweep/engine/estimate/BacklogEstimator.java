package io.keysweep.engine.estimate;

import io.keysweep.engine.link.NodeConnector;
import java.util.List;

/**
 * Estimates how many dead keys a deployment holds: expired keys that still use memory. Their number is the backlog.
 *
 * <p>{@link ReplicaFirstEstimator} implements the interface over any {@link NodeConnector}. {@code
 * io.keysweep.engine.lettuce.LettuceEngine} creates an estimator that uses Lettuce. Thread-safe.
 */
public interface BacklogEstimator extends AutoCloseable {

    /**
     * Estimates or counts the backlog of each primary of the deployment, one after the other on the calling thread.
     *
     * @return one estimate for each primary
     * @throws EstimateRefusedException if the request does not allow the only possible way, for example a sample of a
     *     primary, which removes keys
     * @throws io.keysweep.engine.topology.NodeRefusedException if a server cannot be read
     * @throws InterruptedException if the calling thread is interrupted
     */
    List<Estimate> estimate(EstimateRequest request) throws InterruptedException;

    /** Ends the estimator's connections and threads. */
    @Override
    void close();
}
