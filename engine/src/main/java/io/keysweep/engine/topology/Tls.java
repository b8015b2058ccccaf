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
 * Holds the TLS settings of a connection. The server's certificate is always verified, including its name.
 *
 * @param authorities certificates of the authorities to trust, or null for those that Java trusts
 * @param certificate the client's certificate chain for mutual TLS, or null for none
 * @param key the client's private key (PKCS #8, unencrypted); null if and only if {@code certificate} is null
 */
public record Tls(
        @Nullable Pem authorities,
        @Nullable Pem certificate,
        @Nullable Pem key) {

    /** Trusts the authorities that Java trusts and presents no client certificate. */
    public static final Tls DEFAULT = new Tls(null, null, null);

    public Tls {
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException("certificate and key must be given together: "
                    + (key == null ? "key" : "certificate") + " is missing");
        }
    }

    /** Returns settings with PEM files on this machine; each path may be null. */
    public static Tls ofFiles(@Nullable Path authorities, @Nullable Path certificate, @Nullable Path key) {
        return new Tls(file(authorities), file(certificate), file(key));
    }

    private static @Nullable Pem file(@Nullable Path path) {
        return path == null ? null : new Pem.File(path);
    }

    /**
     * Holds the client certificate chain and its private key, which the client presents to the server.
     *
     * @param chain the client's certificate, followed by those that signed it
     * @param key the private key of the client's certificate
     */
    public record Identity(List<X509Certificate> chain, PrivateKey key) {

        public Identity {
            chain = List.copyOf(chain);
        }
    }

    /**
     * Reads the certificates of the trusted authorities; null means those that Java trusts.
     *
     * @throws IllegalArgumentException if the PEM is unusable; the message names it and the remedy
     */
    public @Nullable List<X509Certificate> readAuthorities() {
        return authorities == null ? null : authorities.certificates("CA");
    }

    /**
     * Reads the client's certificate chain and key; null if there is no client certificate.
     *
     * @throws IllegalArgumentException if certificate or key is unusable; the message names it and the remedy
     */
    public @Nullable Identity readIdentity() {
        if (certificate == null || key == null) {
            return null;
        }
        List<X509Certificate> chain = certificate.certificates("client certificate");
        PrivateKey own = key.key("client key");
        if (!belongTogether(own, chain.getFirst().getPublicKey())) {
            throw new IllegalArgumentException(key.named("client key") + " does not belong to "
                    + certificate.named("client certificate")
                    + ", must hold the private key of the first certificate there");
        }
        return new Identity(chain, own);
    }

    private static boolean belongTogether(PrivateKey key, PublicKey certified) {
        String algorithm = signatureAlgorithm(key);
        if (algorithm == null) {
            return true;
        }
        try {
            byte[] sample = {1, 2, 3};
            Signature signing = Signature.getInstance(algorithm);
            signing.initSign(key);
            signing.update(sample);
            Signature verifying = Signature.getInstance(algorithm);
            verifying.initVerify(certified);
            verifying.update(sample);
            return verifying.verify(signing.sign());
        } catch (GeneralSecurityException e) {
            // The key is of another algorithm than the certificate.
            return false;
        }
    }

    private static @Nullable String signatureAlgorithm(PrivateKey key) {
        return switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            case "EdDSA", "Ed25519", "Ed448" -> "EdDSA";
            default -> null;
        };
    }
}
