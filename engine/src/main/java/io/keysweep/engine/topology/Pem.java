package io.keysweep.engine.topology;

import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Names the value of a TLS setting: certificates or a private key, as a PEM file or as PEM text.
 *
 * <p>A PEM is text with Base64 blocks between BEGIN and END lines. Every method that reads the PEM throws
 * {@link IllegalArgumentException} if the PEM is unusable. The message names the PEM and the remedy, and shows nothing
 * of the content.
 */
public sealed interface Pem {

    /**
     * Names a PEM file on this machine. The file is read again for each connection, because certificates get renewed.
     *
     * @param path the file's path
     */
    record File(Path path) implements Pem {}

    /**
     * Holds a PEM that was given as text, for example in a request to the service's API.
     *
     * @param text the PEM, including the BEGIN and END lines
     */
    record PemText(String text) implements Pem {

        /** Returns a text without the PEM, which may be a private key. */
        @Override
        public String toString() {
            return "Text[]";
        }
    }

    /**
     * Returns a name for messages, for example {@code CA file /etc/ca.pem}.
     *
     * @param role the use of the PEM, for example {@code CA}
     */
    default String named(String role) {
        return switch (this) {
            case File file -> role + " file " + file.path();
            case PemText text -> role;
        };
    }

    /** Reads all certificates in the order of the PEM; at least one. For {@code role} see {@link #named}. */
    default List<X509Certificate> certificates(String role) {
        return new PemReader(role, this).certificates();
    }

    /** Reads the first private key (PKCS #8, unencrypted; RSA, EC or EdDSA). For {@code role} see {@link #named}. */
    default PrivateKey key(String role) {
        return new PemReader(role, this).key();
    }
}
