package io.keysweep.engine.deployment;

import io.keysweep.engine.sweep.SweepRequest;

/**
 * One sweep of all primaries of a deployment.
 *
 * @param each what is swept, and how each of its primaries is; its shard and checkpoint do not matter
 * @param mostAtATime how many primaries are swept at a time, at least 1; default 4
 * @param mostPerHost how many of those on one host, at least 1; default 1, as they share its processors
 */
public record DeploymentRequest(SweepRequest each, int mostAtATime, int mostPerHost) {

    public DeploymentRequest {
        requireOneAtLeast("mostAtATime", mostAtATime);
        requireOneAtLeast("mostPerHost", mostPerHost);
    }

    /** With the defaults: four primaries at a time, one a host. */
    public static DeploymentRequest of(SweepRequest each) {
        return new DeploymentRequest(each, 4, 1);
    }

    private static void requireOneAtLeast(String field, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(field + " is " + value + ", must be at least 1");
        }
    }
}
