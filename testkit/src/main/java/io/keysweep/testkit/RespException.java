package io.keysweep.testkit;

/** An error reply of a server, or a connection that broke. */
public final class RespException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RespException(String message) {
        super(message);
    }

    RespException(String message, Throwable cause) {
        super(message, cause);
    }
}
