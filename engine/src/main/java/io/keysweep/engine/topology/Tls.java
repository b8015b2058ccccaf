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
 * How a connection is encrypted. The certificate of the server is always checked, its name included.
 *
 * @param authorities the certificates that the server's must go back to, or null for those that Java trusts
 * @param certificate our own certificate chain for mutual TLS, or null for none
 * @param key its private key (PKCS #8, unencrypted); null exactly if {@code certificate} is
 */
public record Tls(
        @Nullable Pem authorities,
        @Nullable Pem certificate,
        @Nullable Pem key) {

    /** Trust as Java has it, no certificate of our own. */
    public static final Tls DEFAULT = new Tls(null, null, null);

    public Tls {
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException("certificate and key must be given together: "
                    + (key == null ? "key" : "certificate") + " is missing");
        }
    }

    /** With PEM files on this machine, each of which may be null. */
    public static Tls ofFiles(@Nullable Path authorities, @Nullable Path certificate, @Nullable Path key) {
        return new Tls(file(authorities), file(certificate), file(key));
    }

    private static @Nullable Pem file(@Nullable Path path) {
        return path == null ? null : new Pem.File(path);
    }

    /**
     * What we show the server of ourselves.
     *
     * @param chain our certificate and then those that signed it
     * @param key its private key
     */
    public record Identity(List<X509Certificate> chain, PrivateKey key) {

        public Identity {
            chain = List.copyOf(chain);
        }
    }

    /**
     * Whom we trust; null for those that Java trusts.
     *
     * @throws IllegalArgumentException if that cannot be used; names it and the remedy
     */
    public @Nullable List<X509Certificate> trusted() {
        return authorities == null ? null : authorities.certificates("CA");
    }

    /**
     * Who we are; null where there is no certificate of our own.
     *
     * @throws IllegalArgumentException if certificate or key cannot be used; names it and the remedy
     */
    public @Nullable Identity identity() {
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
            // A key of another kind than the certificate's.
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
