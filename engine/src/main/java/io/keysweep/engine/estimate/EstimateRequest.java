package io.keysweep.engine.estimate;

import io.keysweep.engine.insight.PictureRequest;
import io.keysweep.engine.topology.Deployment;
import org.jspecify.annotations.Nullable;

/**
 * Describes the servers and the method of an estimate for a {@link BacklogEstimator}.
 *
 * @param deployment the servers to estimate; if it is a single replica, that replica itself is read
 * @param exact true to visit every key, which requires a replica; false to visit a sample, and every key of small
 *     databases
 * @param samplePrimary whether the primary may be sampled if no replica can be read; this removes the dead keys in the
 *     sample. It has no effect if {@code exact} is true
 * @param namesStay whether key names must never leave the server; if true, a server that refuses scripts is not
 *     estimated, and no prefixes may be requested
 * @param picture which properties of live keys to read (TTL, type, size, prefix); null to read none of them, which
 *     costs the server least
 */
public record EstimateRequest(
        Deployment deployment,
        boolean exact,
        boolean samplePrimary,
        boolean namesStay,
        @Nullable PictureRequest picture) {

    public EstimateRequest {
        if (namesStay && picture != null && picture.prefixes() != null) {
            throw new IllegalArgumentException("prefixes are parts of names, which must stay on the server");
        }
    }

    /** Creates a request that allows key names to leave a server that refuses scripts. */
    public EstimateRequest(Deployment deployment, boolean exact, boolean samplePrimary) {
        this(deployment, exact, samplePrimary, /* namesStay= */ false, /* picture= */ null);
    }

    /** Returns the same request with another picture. */
    public EstimateRequest with(@Nullable PictureRequest newPicture) {
        return new EstimateRequest(deployment, exact, samplePrimary, namesStay, newPicture);
    }
}
