package io.keysweep.engine.topology;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Describes how Keysweep connects to a server with TLS: whom it trusts, and its own certificate if the server wants
 * one.
 *
 * <p>The server's certificate is always verified, including the server's name in it. A {@link Pem} is a text with
 * certificates or a key, or the path of a file with such a text. Creating the settings reads no file.
 *
 * @param authorities the certificates of the authorities to trust, or null for the authorities that Java trusts
 * @param certificate the client's certificate chain for mutual TLS, or null for no client certificate
 * @param key the client's private key (PKCS #8, unencrypted); null if and only if {@code certificate} is null
 */
public record Tls(
        @Nullable Pem authorities,
        @Nullable Pem certificate,
        @Nullable Pem key) {

    /** Trusts the authorities that Java trusts and presents no client certificate. */
    public static final Tls DEFAULT = new Tls(/* authorities= */ null, /* certificate= */ null, /* key= */ null);

    public Tls {
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException("certificate and key must be given together: "
                    + (key == null ? "key" : "certificate") + " is missing");
        }
    }

    /**
     * Returns settings with PEM files on this machine. A null path has the meaning that null has in the record.
     *
     * @throws IllegalArgumentException if only one of {@code certificate} and {@code key} is null
     */
    public static Tls ofFiles(@Nullable Path authorities, @Nullable Path certificate, @Nullable Path key) {
        return new Tls(pemFile(authorities), pemFile(certificate), pemFile(key));
    }

    private static @Nullable Pem pemFile(@Nullable Path path) {
        return path == null ? null : new Pem.File(path);
    }

    /**
     * Holds the certificate chain that the client presents to the server, and the matching private key.
     *
     * @param chain the client's certificate, followed by the certificates of the authorities that signed it
     * @param key the private key of the client's certificate
     */
    public record Identity(List<X509Certificate> chain, PrivateKey key) {

        public Identity {
            chain = List.copyOf(chain);
        }
    }

    /**
     * Reads the certificates of the trusted authorities; null means the authorities that Java trusts.
     *
     * @throws IllegalArgumentException if the PEM is unusable; the message names the PEM and the remedy
     */
    public @Nullable List<X509Certificate> readAuthorities() {
        return authorities == null ? null : authorities.certificates("CA");
    }

    /**
     * Reads the client's certificate chain and key; null if there is no client certificate.
     *
     * @throws IllegalArgumentException if certificate or key is unusable, or the key belongs to another certificate;
     *     the message names the PEM and the remedy
     */
    public @Nullable Identity readIdentity() {
        if (certificate == null || key == null) {
            return null;
        }
        List<X509Certificate> chain = certificate.certificates("client certificate");
        PrivateKey clientKey = key.key("client key");
        if (!isKeyPair(clientKey, chain.getFirst().getPublicKey())) {
            throw new IllegalArgumentException(key.named("client key") + " does not belong to "
                    + certificate.named("client certificate")
                    + ", must hold the private key of the first certificate there");
        }
        return new Identity(chain, clientKey);
    }

    /**
     * Returns whether a private key and a certificate's public key belong together. Only the private key can create a
     * signature that the public key verifies.
     */
    private static boolean isKeyPair(PrivateKey key, PublicKey certifiedKey) {
        String algorithm = signatureAlgorithm(key);
        if (algorithm == null) {
            // The pair cannot be checked here; the server will refuse it if it does not match.
            return true;
        }
        try {
            // The content of the sample does not matter.
            byte[] sample = {1, 2, 3};
            Signature signing = Signature.getInstance(algorithm);
            signing.initSign(key);
            signing.update(sample);
            Signature verifying = Signature.getInstance(algorithm);
            verifying.initVerify(certifiedKey);
            verifying.update(sample);
            return verifying.verify(signing.sign());
        } catch (GeneralSecurityException e) {
            // The key is of a different algorithm than the certificate.
            return false;
        }
    }

    /** Returns a signature algorithm for a kind of key; null if the kind is unknown. */
    private static @Nullable String signatureAlgorithm(PrivateKey key) {
        return switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            case "EdDSA", "Ed25519", "Ed448" -> "EdDSA";
            default -> null;
        };
    }
}
