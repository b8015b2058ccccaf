package io.keysweep.engine.estimate;

import io.keysweep.engine.topology.Deployment;

/**
 * Describes for a {@link BacklogEstimator} what to estimate, and how.
 *
 * @param deployment the servers to estimate; if it is a single replica, that replica itself is read
 * @param exact true to visit every key, which requires a replica; false to visit a sample, and every key of small
 *     databases
 * @param samplePrimary whether the primary may be sampled if no replica can be read; this removes the dead keys in the
 *     sample. Does not matter if {@code exact} is true
 */
public record EstimateRequest(Deployment deployment, boolean exact, boolean samplePrimary) {}
