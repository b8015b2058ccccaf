package io.keysweep.engine.lettuce;

import io.keysweep.engine.topology.Tls;
import io.lettuce.core.SslOptions;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;

/** Makes of a {@link Tls} what Lettuce takes. Files are read each time, as they get renewed. */
final class LettuceTls {

    private static final char[] NO_PASSWORD = {};

    private LettuceTls() {}

    /**
     * The options for one connection.
     *
     * @param handshakeTimeout longest wait for the handshake
     * @throws IllegalArgumentException if a certificate or key cannot be used; names it and the remedy
     */
    static SslOptions options(Tls tls, Duration handshakeTimeout) {
        SslOptions.Builder options = SslOptions.builder().jdkSslProvider().handshakeTimeout(handshakeTimeout);
        List<X509Certificate> trusted = tls.trusted();
        Tls.Identity identity = tls.identity();
        try {
            if (trusted != null) {
                options.trustManager(trust(trusted));
            }
            if (identity != null) {
                options.keyManager(show(identity));
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "certificates cannot be used (" + e.getMessage()
                            + "), must be X.509: a certificate and then those that signed it",
                    e);
        }
        return options.build();
    }

    private static TrustManagerFactory trust(List<X509Certificate> certificates) throws GeneralSecurityException {
        KeyStore store = emptyStore();
        for (int i = 0; i < certificates.size(); i++) {
            store.setCertificateEntry("authority" + i, certificates.get(i));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory;
    }

    private static KeyManagerFactory show(Tls.Identity identity) throws GeneralSecurityException {
        KeyStore store = emptyStore();
        store.setKeyEntry(
                "client", identity.key(), NO_PASSWORD, identity.chain().toArray(X509Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory;
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
