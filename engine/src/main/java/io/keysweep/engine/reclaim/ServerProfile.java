package io.keysweep.engine.reclaim;

/**
 * Describes the kind of a server and the best way to reclaim its expired keys.
 *
 * @param flavour the product family
 * @param version the product's own version, for example {@code 7.0.15} (for Valkey the Valkey version)
 * @param runId the server process (INFO {@code run_id})
 * @param clusterEnabled whether the server runs in cluster mode
 * @param lazyFree whether the server frees values of expired keys off the main thread ({@code lazyfree-lazy-expire})
 * @param method name of the reclaim method that was chosen
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

    /** Returns the profile of the same server with another method. */
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

    /** Product families that Keysweep knows. */
    public enum Flavour {
        REDIS,
        VALKEY,
        REDICT,
        /** Any other server that speaks the protocol; it is swept with one sequential cursor. */
        UNKNOWN
    }
}
