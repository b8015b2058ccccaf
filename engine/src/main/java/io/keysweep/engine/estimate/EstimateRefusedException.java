package io.keysweep.engine.estimate;

/** An estimate would do a harm that was not agreed to, or cannot be had in the way asked for. */
public final class EstimateRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What stands in the way. */
    public enum Reason {
        /** A full pass was asked for, and no replica can be read. */
        EXACT_NEEDS_REPLICA,
        /** No replica can be read, and nobody has agreed to sample the primary. */
        PRIMARY_NOT_AGREED_TO,
        /** The server's cursors are not known to tell how much a sample covers. */
        SAMPLE_NEEDS_KNOWN_CURSORS
    }

    private final Reason reason;

    EstimateRefusedException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** What stands in the way. */
    public Reason reason() {
        return reason;
    }
}
