package io.keysweep.testkit;

/** Reports that a server replied with an error, or that a connection broke; only a broken connection has a cause. */
public final class RespException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RespException(String message) {
        super(message);
    }

    public RespException(String message, Throwable cause) {
        super(message, cause);
    }
}
