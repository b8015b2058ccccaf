package io.keysweep.server.iam;

import java.nio.charset.StandardCharsets;

/**
 * Holds a secret access key (SK), the secret half of an access key.
 *
 * @param text the secret that client and server share, not empty
 */
public record SecretAccessKey(String text) {

    /** Refuses an empty secret, with which anybody could sign. */
    public SecretAccessKey {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("A secret access key must not be empty");
        }
    }

    byte[] bytes() {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Returns a text without the secret. */
    @Override
    public String toString() {
        return "SecretAccessKey[hidden]";
    }
}
