package io.keysweep.engine.lettuce;

import io.keysweep.engine.topology.Tls;
import io.lettuce.core.SslOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Makes of a {@link Tls} what Lettuce takes. The files are read each time, as they get renewed. */
final class TlsFiles {

    private static final char[] NO_PASSWORD = {};

    private TlsFiles() {}

    /**
     * The options for one connection.
     *
     * @param handshakeTimeout longest wait for the handshake
     * @throws IllegalArgumentException if a file cannot be used; names it and the remedy
     */
    static SslOptions options(Tls tls, Duration handshakeTimeout) {
        SslOptions.Builder options = SslOptions.builder().jdkSslProvider().handshakeTimeout(handshakeTimeout);
        Path authorities = tls.authorities();
        if (authorities != null) {
            options.trustManager(trust(new PemFile("CA file", authorities)));
        }
        Path certificate = tls.certificate();
        Path key = tls.key();
        if (certificate != null && key != null) {
            options.keyManager(
                    identity(new PemFile("client certificate file", certificate), new PemFile("client key file", key)));
        }
        return options.build();
    }

    private static TrustManagerFactory trust(PemFile authorities) {
        List<X509Certificate> certificates = authorities.certificates();
        try {
            KeyStore store = emptyStore();
            for (int i = 0; i < certificates.size(); i++) {
                store.setCertificateEntry("authority" + i, certificates.get(i));
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory;
        } catch (GeneralSecurityException e) {
            throw authorities.unusable("cannot be used (" + e.getMessage() + ")", "must hold X.509 certificates");
        }
    }

    private static KeyManagerFactory identity(PemFile certificateFile, PemFile keyFile) {
        List<X509Certificate> chain = certificateFile.certificates();
        PrivateKey key = keyFile.key();
        if (!belongTogether(key, chain.getFirst().getPublicKey())) {
            throw keyFile.unusable(
                    "does not belong to " + certificateFile.role() + " " + certificateFile.path(),
                    "must hold the private key of the first certificate there");
        }
        try {
            KeyStore store = emptyStore();
            store.setKeyEntry("client", key, NO_PASSWORD, chain.toArray(X509Certificate[]::new));
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, NO_PASSWORD);
            return factory;
        } catch (GeneralSecurityException e) {
            throw certificateFile.unusable(
                    "cannot be used (" + e.getMessage() + ")", "must hold a certificate and then those that signed it");
        }
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

    private static KeyStore emptyStore() throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        try {
            store.load(null, null);
        } catch (IOException e) {
            throw new AssertionError("nothing is read", e);
        }
        return store;
    }
}
