package io.keysweep.server.iam;

/** A stored secret cannot be decrypted; the message tells which and what to do. */
public final class SecretBoxException extends RuntimeException {

    SecretBoxException(String message) {
        super(message);
    }

    SecretBoxException(String message, Throwable cause) {
        super(message, cause);
    }
}
