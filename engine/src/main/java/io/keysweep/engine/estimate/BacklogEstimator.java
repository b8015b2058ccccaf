package io.keysweep.engine.estimate;

import io.keysweep.engine.link.NodeConnector;
import java.util.List;

/**
 * Estimates how many dead keys a deployment holds: expired keys that still use memory. Their number is the backlog.
 *
 * <p>A SCAN on a replica removes no key, so an estimate prefers replicas. A SCAN on a primary removes the dead keys
 * that it meets; the request must allow that.
 *
 * <p>{@link ReplicaFirstEstimator} implements the interface over any {@link NodeConnector}. {@code
 * io.keysweep.engine.lettuce.LettuceEngine} creates an estimator that uses Lettuce. Thread-safe.
 */
public interface BacklogEstimator extends AutoCloseable {

    /**
     * Estimates or counts the backlog of each primary of the deployment, one after the other on the calling thread. If
     * a primary cannot be estimated, the others are still read, and then an exception is thrown, see {@link
     * DeploymentEstimate#complete}.
     *
     * @return one estimate for each primary, in the order of their slots
     * @throws EstimateRefusedException if the request does not allow the only possible method, for example a sample of
     *     a primary, which removes keys
     * @throws io.keysweep.engine.topology.NodeRefusedException if the primaries cannot be found, or if a server cannot
     *     be read
     * @throws InterruptedException if the calling thread is interrupted
     */
    default List<Estimate> estimate(EstimateRequest request) throws InterruptedException {
        return estimateEach(request).complete();
    }

    /**
     * Estimates or counts the backlog of each primary. Unlike {@link #estimate}, it returns the failures beside the
     * estimates if the deployment is a cluster.
     *
     * @return the estimates and the failures; only failures if no primary of a cluster can be read
     * @throws EstimateRefusedException outside a cluster, if the estimate of the only primary is refused; in a cluster,
     *     if no primary can be estimated and the estimate of at least one is refused
     * @throws io.keysweep.engine.topology.NodeRefusedException if the primaries cannot be found, or if the deployment
     *     is not a cluster and its primary cannot be read
     * @throws InterruptedException if the calling thread is interrupted
     */
    DeploymentEstimate estimateEach(EstimateRequest request) throws InterruptedException;

    /** Releases the resources of the estimator. No call may be running. */
    @Override
    void close();
}
