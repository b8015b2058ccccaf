package io.keysweep.engine.topology;

import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Holds certificates or a private key in PEM form. Every method that reads the PEM throws {@link
 * IllegalArgumentException} if it is unusable; the message names the PEM and the remedy and shows nothing of its
 * content.
 */
public sealed interface Pem {

    /**
     * Names a PEM file on this machine. It is read again at each use, because files get renewed.
     *
     * @param path the file's path
     */
    record File(Path path) implements Pem {}

    /**
     * Holds a PEM that is given as text.
     *
     * @param text the PEM with its BEGIN and END lines
     */
    record Text(String text) implements Pem {

        /** Returns a text without the PEM, which may be a private key. */
        @Override
        public String toString() {
            return "Text[]";
        }
    }

    /**
     * Returns a name for messages, for example {@code CA file /etc/ca.pem}.
     *
     * @param role what the PEM is to the user, for example {@code CA}
     */
    default String named(String role) {
        return switch (this) {
            case File file -> role + " file " + file.path();
            case Text text -> role;
        };
    }

    /** Returns all certificates, in their order; at least one. */
    default List<X509Certificate> certificates(String role) {
        return new PemReader(role, this).certificates();
    }

    /** Returns the private key (PKCS #8, unencrypted). */
    default PrivateKey key(String role) {
        return new PemReader(role, this).key();
    }
}
