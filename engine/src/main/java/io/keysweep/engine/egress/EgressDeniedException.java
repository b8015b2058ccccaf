package io.keysweep.engine.egress;

/**
 * Thrown by {@link EgressGate} when the {@link EgressPolicy} does not allow a connection.
 *
 * <p>The message is the reason as part of a sentence. It names the denied IP address or port, but not the host name.
 */
public final class EgressDeniedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    EgressDeniedException(String obstacle) {
        super(obstacle);
    }
}
