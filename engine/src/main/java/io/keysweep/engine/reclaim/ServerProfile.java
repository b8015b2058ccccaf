package io.keysweep.engine.reclaim;

/**
 * Describes the kind of a server and the reclaim method for it, as determined at the start of a sweep.
 *
 * @param flavour the product family
 * @param version the product's version, for example {@code 7.0.15}; for Valkey the Valkey version, not the Redis
 *     version with which it is compatible
 * @param runId the id of the server process, 40 hex characters (INFO {@code run_id}), which changes with every restart;
 *     empty if the server does not report it
 * @param clusterEnabled whether the server runs in cluster mode
 * @param lazyFree whether the server frees values of expired keys off the main thread ({@code lazyfree-lazy-expire})
 * @param method the name of the reclaim method, for example {@code script}, see {@link ReclaimMethod#label}
 * @param methodReason why this method was chosen, in one sentence
 */
public record ServerProfile(
        Flavour flavour,
        String version,
        String runId,
        boolean clusterEnabled,
        boolean lazyFree,
        String method,
        String methodReason) {

    /** Returns the profile of the same server with another reclaim method. */
    public ServerProfile with(MethodChoice choice) {
        return new ServerProfile(
                flavour,
                version,
                runId,
                clusterEnabled,
                lazyFree,
                choice.method().label(),
                choice.reason());
    }

    /** Names the product families that Keysweep knows; their SCAN differs in cost and in the meaning of cursors. */
    public enum Flavour {
        /** Redis, including Redis in managed services. */
        REDIS,
        /** Valkey, a fork of Redis 7.2 with version numbers of its own. */
        VALKEY,
        /** Redict, a fork of Redis 7.2. */
        REDICT,
        /** Any other server that speaks the protocol. It is swept with one scan from start to end, without segments. */
        UNKNOWN
    }
}
