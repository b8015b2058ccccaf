package io.keysweep.server.iam;

import java.util.Optional;

/** Where the verifier finds secrets. Must be safe for use by several threads. */
@FunctionalInterface
public interface SecretKeys {

    /**
     * Finds the secret of an access key that is in use.
     *
     * @param accessKey as a client sent it: 1 to 128 letters, digits and {@code . _ -}
     * @return empty if there is no such access key or it is disabled
     */
    Optional<SecretAccessKey> find(String accessKey);
}
