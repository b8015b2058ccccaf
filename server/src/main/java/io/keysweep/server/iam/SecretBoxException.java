package io.keysweep.server.iam;

/** Reports that a stored secret cannot be decrypted; the message names the secret and says what to do. */
public final class SecretBoxException extends RuntimeException {

    SecretBoxException(String message) {
        super(message);
    }

    SecretBoxException(String message, Throwable cause) {
        super(message, cause);
    }
}
