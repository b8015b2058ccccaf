package io.keysweep.engine.deployment;

import io.keysweep.engine.sweep.SweepRequest;

/**
 * Describes one sweep of all primaries of a deployment; {@link DeploymentSweep#run} carries it out.
 *
 * <p>The two limits apply to clusters, which have several primaries.
 *
 * @param sweep the deployment and the settings for the sweep of each primary; the shard and checkpoint in it are
 *     ignored
 * @param maxConcurrent the largest number of primaries swept at a time, at least 1; default 4
 * @param maxPerHost the largest number of primaries on one host swept at a time, at least 1; default 1, since primaries
 *     on one host share its processors
 */
public record DeploymentRequest(SweepRequest sweep, int maxConcurrent, int maxPerHost) {

    private static final int DEFAULT_MAX_CONCURRENT = 4;
    private static final int DEFAULT_MAX_PER_HOST = 1;

    public DeploymentRequest {
        requireAtLeastOne("maxConcurrent", maxConcurrent);
        requireAtLeastOne("maxPerHost", maxPerHost);
    }

    /** Creates a request with the defaults: four primaries at a time, one per host. */
    public static DeploymentRequest of(SweepRequest sweep) {
        return new DeploymentRequest(sweep, DEFAULT_MAX_CONCURRENT, DEFAULT_MAX_PER_HOST);
    }

    private static void requireAtLeastOne(String field, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(field + " is " + value + ", must be at least 1");
        }
    }
}
