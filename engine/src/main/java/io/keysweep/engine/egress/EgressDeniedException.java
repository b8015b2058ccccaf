package io.keysweep.engine.egress;

/** Thrown when the {@link EgressPolicy} does not allow a connection. The message is the reason, without the target. */
public final class EgressDeniedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    EgressDeniedException(String obstacle) {
        super(obstacle);
    }
}
