package io.keysweep.engine.deployment;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.Shard;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One sweep of all primaries of a deployment.
 *
 * @param deployment what is swept
 * @param pace how fast, on each primary
 * @param deadline when it ends as timed out, or null for no limit
 * @param patience how long an unreachable primary is waited for
 * @param purge whether each primary gives unused memory back to its machine at the end, see {@link SweepRequest#purge}
 * @param mostAtATime how many primaries are swept at a time, at least 1; default 4
 * @param mostPerHost how many of those on one host, at least 1; default 1, as they share its processors
 */
public record DeploymentRequest(
        Deployment deployment,
        PacePolicy pace,
        @Nullable Instant deadline,
        Duration patience,
        boolean purge,
        int mostAtATime,
        int mostPerHost) {

    public DeploymentRequest {
        requireOneAtLeast("mostAtATime", mostAtATime);
        requireOneAtLeast("mostPerHost", mostPerHost);
    }

    /** With the defaults: no deadline, 60 s of patience, four primaries at a time, one a host. */
    public static DeploymentRequest of(Deployment deployment, PacePolicy pace) {
        return new DeploymentRequest(deployment, pace, null, Duration.ofSeconds(60), /* purge= */ false, 4, 1);
    }

    /** The part of it that is about one shard. */
    SweepRequest of(Deployment where, Shard shard) {
        return SweepRequest.of(where, shard, pace)
                .withDeadline(deadline)
                .withPatience(patience)
                .withPurge(purge);
    }

    private static void requireOneAtLeast(String field, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(field + " is " + value + ", must be at least 1");
        }
    }
}
