package io.keysweep.server.iam.signature;

import java.nio.charset.StandardCharsets;

/**
 * A secret access key (SK) is the secret half of an access key; the client signs its requests with it.
 *
 * @param text the secret that client and server share, not empty
 */
public record SecretAccessKey(String text) {

    /** Refuses an empty secret, because every client could sign with it. */
    public SecretAccessKey {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("A secret access key must not be empty");
        }
    }

    /** Returns the secret in UTF-8, as the key of an HMAC. */
    public byte[] bytes() {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Returns a text for logs, without the secret. */
    @Override
    public String toString() {
        return "SecretAccessKey[hidden]";
    }
}
