package io.keysweep.server.iam.signature;

import java.util.Optional;

/**
 * Finds the secret keys with which {@link SignatureVerifier} checks signatures.
 *
 * <p>The service reads the secret keys from the database. Implementations must be thread-safe.
 */
@FunctionalInterface
public interface SecretKeyLookup {

    /**
     * Finds the secret key of an access key.
     *
     * @param accessKey access key id as a client sent it: 1 to 128 letters, digits and {@code . _ -}
     * @return the secret key; empty if no such access key exists
     */
    Optional<SecretAccessKey> find(String accessKey);
}
