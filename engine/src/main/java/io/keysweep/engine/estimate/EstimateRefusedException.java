package io.keysweep.engine.estimate;

/**
 * Thrown when an estimate would remove keys without permission, or is impossible by the requested method.
 *
 * <p>An estimate finds the number of dead keys (expired keys that still use memory) by SCAN. A SCAN on a primary
 * removes the dead keys that it meets, a SCAN on a replica removes none. The message says what the user can do.
 */
public final class EstimateRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The reasons why an estimate is refused. */
    public enum Reason {
        /** The request is for an exact count, but no replica can be read. On a primary, the count would be a sweep. */
        EXACT_NEEDS_REPLICA,
        /** No replica can be read, and the request does not allow a sample of the primary, which removes keys. */
        PRIMARY_SAMPLE_NOT_ALLOWED,
        /**
         * The meaning of the server's cursors is unknown, so they do not show which part of the keys a sample covers.
         */
        SAMPLE_NEEDS_KNOWN_CURSORS
    }

    private final String nodeId;
    private final Reason reason;

    EstimateRefusedException(String nodeId, Reason reason, String message) {
        super(message);
        this.nodeId = nodeId;
        this.reason = reason;
    }

    /** Returns the server that was to be read, {@code host:port} or the path of a Unix socket. */
    public String nodeId() {
        return nodeId;
    }

    /** Returns the reason of the refusal. */
    public Reason reason() {
        return reason;
    }
}
