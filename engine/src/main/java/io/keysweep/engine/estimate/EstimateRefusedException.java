package io.keysweep.engine.estimate;

/** Thrown when an estimate would do a harm that the request does not allow, or is impossible in the requested way. */
public final class EstimateRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The reasons why an estimate is refused. */
    public enum Reason {
        /** The request is for an exact count, and no replica can be read. */
        EXACT_NEEDS_REPLICA,
        /** No replica can be read, and the request does not allow a sample of the primary. */
        PRIMARY_NOT_AGREED_TO,
        /** The meaning of the server's cursors is unknown, so the share that a sample covers is unknown too. */
        SAMPLE_NEEDS_KNOWN_CURSORS
    }

    private final Reason reason;

    EstimateRefusedException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** Returns the reason of the refusal. */
    public Reason reason() {
        return reason;
    }
}
