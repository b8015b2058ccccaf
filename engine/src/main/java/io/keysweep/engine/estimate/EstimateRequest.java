package io.keysweep.engine.estimate;

import io.keysweep.engine.topology.Deployment;

/**
 * Describes what to estimate, and how.
 *
 * @param deployment a primary, a replica that should be read itself, or a deployment
 * @param exact whether to visit every key instead of a sample; requires a replica
 * @param samplePrimary whether the primary may be sampled if no replica can be read; this reclaims the dead keys in the
 *     sample
 */
public record EstimateRequest(Deployment deployment, boolean exact, boolean samplePrimary) {}
