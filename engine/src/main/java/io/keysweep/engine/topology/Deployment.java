package io.keysweep.engine.topology;

/**
 * Where a key space lives and how to get in. Immutable; safe to share.
 *
 * <p>Never log one: The text of the credentials hides the password, yet addresses are data too.
 */
public sealed interface Deployment permits Deployment.Standalone {

    /** How to get into every node of the deployment. */
    Access access();

    /**
     * One server.
     *
     * @param address where it listens
     * @param access how to get in
     */
    record Standalone(NodeAddress address, Access access) implements Deployment {}
}
