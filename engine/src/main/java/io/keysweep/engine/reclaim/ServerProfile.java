package io.keysweep.engine.reclaim;

/**
 * What kind of server a node is and how its dead keys are reclaimed best.
 *
 * @param flavour who made it
 * @param version its own version, for example {@code 7.0.15} (for Valkey the Valkey version)
 * @param runId the server process (INFO {@code run_id})
 * @param clusterEnabled whether it runs in cluster mode
 * @param lazyFree whether values of expired keys are freed off the main thread ({@code lazyfree-lazy-expire})
 * @param method name of the reclaim method that was chosen
 * @param methodReason why, in one sentence
 */
public record ServerProfile(
        Flavour flavour,
        String version,
        String runId,
        boolean clusterEnabled,
        boolean lazyFree,
        String method,
        String methodReason) {

    /** The same server with another method. */
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

    /** Families of servers that Keysweep knows. */
    public enum Flavour {
        REDIS,
        VALKEY,
        REDICT,
        /** Anything else that speaks the protocol: swept with one sequential cursor. */
        UNKNOWN
    }
}
