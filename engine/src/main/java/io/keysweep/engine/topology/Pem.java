package io.keysweep.engine.topology;

import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Certificates or a private key in PEM form. Every method throws {@link IllegalArgumentException} if it cannot be used:
 * with a sentence that names it and the remedy, and shows nothing of what is in it.
 */
public sealed interface Pem {

    /**
     * A file on this machine. It is read each time, as files get renewed.
     *
     * @param path where it is
     */
    record File(Path path) implements Pem {}

    /**
     * The PEM itself.
     *
     * @param text with its BEGIN and END lines
     */
    record Text(String text) implements Pem {

        /** Never shows the text, which may be a private key. */
        @Override
        public String toString() {
            return "Text[]";
        }
    }

    /** What it is called in a sentence; {@code role} is what it is to the user, for example {@code CA}. */
    default String named(String role) {
        return switch (this) {
            case File file -> role + " file " + file.path();
            case Text text -> role;
        };
    }

    /** All certificates in it, in their order; at least one. */
    default List<X509Certificate> certificates(String role) {
        return new PemReader(role, this).certificates();
    }

    /** The private key in it (PKCS #8, unencrypted). */
    default PrivateKey key(String role) {
        return new PemReader(role, this).key();
    }
}
