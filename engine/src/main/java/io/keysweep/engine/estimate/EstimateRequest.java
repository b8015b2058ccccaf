package io.keysweep.engine.estimate;

import io.keysweep.engine.topology.Deployment;

/**
 * What is to be estimated, and how.
 *
 * @param deployment a primary, or a replica that is to be read itself
 * @param exact whether every key is to be passed instead of a sample; needs a replica
 * @param samplePrimary whether the primary may be sampled where no replica can be read; this reclaims the dead keys that
 *     the sample meets
 */
public record EstimateRequest(Deployment deployment, boolean exact, boolean samplePrimary) {}
