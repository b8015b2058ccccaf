package io.keysweep.engine.topology;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a connection is encrypted. The certificate of the server is always checked, its name included.
 *
 * @param authorities PEM file with the certificates that the server's must go back to, or null for those that Java
 *     trusts
 * @param certificate PEM file with our own certificate chain for mutual TLS, or null for none
 * @param key PEM file (PKCS #8, unencrypted) with its private key; null exactly if {@code certificate} is
 */
public record Tls(
        @Nullable Path authorities,
        @Nullable Path certificate,
        @Nullable Path key) {

    /** Trust as Java has it, no certificate of our own. */
    public static final Tls DEFAULT = new Tls(null, null, null);

    public Tls {
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException("certificate and key must be given together: "
                    + (key == null ? "key" : "certificate") + " is missing");
        }
    }
}
