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

/**
 * Converts {@link Tls} settings, the certificates and key of a connection, to Lettuce's options.
 *
 * <p>{@link LettuceConnector} calls it for each connection, and each call reads the PEM files again, because
 * certificates get renewed while the service runs.
 */
final class LettuceTls {

    /**
     * The empty password of the key store with the client's key. The store exists only in memory, so it needs no
     * password.
     */
    private static final char[] NO_PASSWORD = {};

    private LettuceTls() {}

    /**
     * Returns the options for one connection. Reads the PEM files that the settings name.
     *
     * @param tls the settings to convert; without authorities, the server's certificate must be signed by an authority
     *     that Java trusts; without an identity, the client presents no certificate
     * @param handshakeTimeout the longest wait for the handshake
     * @throws IllegalArgumentException if a certificate or key is unusable; the message names the PEM and the remedy
     */
    static SslOptions options(Tls tls, Duration handshakeTimeout) {
        SslOptions.Builder options = SslOptions.builder().jdkSslProvider().handshakeTimeout(handshakeTimeout);
        List<X509Certificate> authorities = tls.readAuthorities();
        Tls.Identity identity = tls.readIdentity();
        try {
            if (authorities != null) {
                options.trustManager(trustManager(authorities));
            }
            if (identity != null) {
                options.keyManager(keyManager(identity));
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "certificates cannot be used (" + e.getMessage()
                            + "), must be X.509: a certificate, followed by those that signed it",
                    e);
        }
        return options.build();
    }

    private static TrustManagerFactory trustManager(List<X509Certificate> certificates)
            throws GeneralSecurityException {
        KeyStore store = emptyStore();
        for (int i = 0; i < certificates.size(); i++) {
            store.setCertificateEntry("authority" + i, certificates.get(i));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory;
    }

    private static KeyManagerFactory keyManager(Tls.Identity identity) throws GeneralSecurityException {
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
            // This call initialises the store without content, since there is no file.
            store.load(/* stream= */ null, /* password= */ null);
        } catch (IOException e) {
            throw new AssertionError("an empty key store reads nothing", e);
        }
        return store;
    }
}
