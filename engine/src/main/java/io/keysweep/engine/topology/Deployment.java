package io.keysweep.engine.topology;

/**
 * Where a key space lives and how to get in. Immutable; safe to share.
 *
 * <p>Never log one: The text of the credentials hides the password, yet addresses are data too.
 */
public sealed interface Deployment permits Deployment.Standalone {

    /** Credentials for every node of the deployment. */
    Credentials credentials();

    /**
     * One server.
     *
     * @param address where it listens
     * @param tls whether the connection is encrypted ({@code rediss://})
     * @param credentials user and password, possibly none
     */
    record Standalone(NodeAddress address, boolean tls, Credentials credentials) implements Deployment {}
}
