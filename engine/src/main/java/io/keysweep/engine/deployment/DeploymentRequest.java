package io.keysweep.engine.deployment;

import io.keysweep.engine.sweep.SweepRequest;

/**
 * Describes one sweep of all primaries of a deployment.
 *
 * @param sweep the deployment and the settings for each of its primaries; shard and checkpoint are ignored
 * @param maxConcurrent how many primaries are swept at a time, at least 1; default 4
 * @param maxPerHost how many of those on the same host, at least 1; default 1, as they share its processors
 */
public record DeploymentRequest(SweepRequest sweep, int maxConcurrent, int maxPerHost) {

    public DeploymentRequest {
        requireAtLeastOne("maxConcurrent", maxConcurrent);
        requireAtLeastOne("maxPerHost", maxPerHost);
    }

    /** Creates a request with the defaults: four primaries at a time, one per host. */
    public static DeploymentRequest of(SweepRequest sweep) {
        return new DeploymentRequest(sweep, 4, 1);
    }

    private static void requireAtLeastOne(String field, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(field + " is " + value + ", must be at least 1");
        }
    }
}
