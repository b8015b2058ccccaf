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
    default List<Estimate> estimate(EstimateRequest request) throws InterruptedException {
        return estimateEach(request).complete();
    }

    /**
     * Estimates or counts the backlog of each primary as {@link #estimate} does, and goes on if one primary cannot be
     * estimated.
     *
     * @return the estimates and the failures
     * @throws EstimateRefusedException if no primary can be estimated, and the first for this reason
     * @throws io.keysweep.engine.topology.NodeRefusedException if the primaries cannot be found, or if the deployment
     *     is not a cluster and its primary cannot be read
     * @throws InterruptedException if the calling thread is interrupted
     */
    DeploymentEstimate estimateEach(EstimateRequest request) throws InterruptedException;

    /** Releases what the estimator shares between its calls. No call may be running. */
    @Override
    void close();
}
