package io.keysweep.testkit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Turns the files of {@link Certificates} into objects and files for Java's own TLS: contexts of clients, keystores and
 * encrypted keys. An instance is the TLS of one client.
 *
 * @param context creates TLS connections that trust the authority
 * @param trust decides which certificates the connections trust; for client libraries that need it in addition to the
 *     context
 */
public record ClientTls(SSLContext context, X509TrustManager trust) {

    /** Java's name for an encryption of keys by a password (PBES2) that also OpenSSL uses. */
    private static final String KEY_ENCRYPTION = "PBEWithHmacSHA256AndAES_256";

    /**
     * Creates the TLS of a client.
     *
     * @param authority the authority whose certificates the client trusts
     * @param client the client's own certificate, or null for none
     */
    public static ClientTls of(Certificates.Pair authority, Certificates.@Nullable Pair client) {
        try {
            KeyStore trustStore = emptyStore();
            trustStore.setCertificateEntry("authority", readCertificate(authority.certificate()));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trustStore);
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(client == null ? emptyStore() : clientStore(client, new char[0]), new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), /* random= */ null);
            return new ClientTls(context, (X509TrustManager) trust.getTrustManagers()[0]);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("Cannot set up TLS", e);
        }
    }

    /**
     * Opens a connection, completes the handshake, and returns the socket, which the caller must close.
     *
     * @param endpoint a URI with host and port, for example {@code https://127.0.0.1:8443}
     * @param protocols the versions of TLS to offer, for example {@code TLSv1.2}; none for the versions that Java
     *     offers
     * @throws IOException if the connection or the handshake fails
     */
    public SSLSocket connect(String endpoint, String... protocols) throws IOException {
        URI uri = URI.create(endpoint);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(uri.getHost(), uri.getPort());
        try {
            if (protocols.length > 0) {
                socket.setEnabledProtocols(protocols);
            }
            socket.startHandshake();
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Opens a connection, and returns the certificate that the server presents.
     *
     * @throws UncheckedIOException if the connection or the handshake fails
     */
    public X509Certificate presentedCertificate(String endpoint) {
        try (SSLSocket socket = connect(endpoint)) {
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Sends a request on a connection and returns everything that the server sends until the server closes the
     * connection. Blocks until then.
     */
    public static String exchange(Socket socket, String request) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(request.getBytes(StandardCharsets.UTF_8));
        out.flush();
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Writes a certificate and its key as a PKCS #12 file, and returns the file. */
    public static Path writeKeystore(Path file, Certificates.Pair pair, String password) {
        return write(
                file,
                store -> store.setKeyEntry("server", readPrivateKey(pair.key()), password.toCharArray(), chain(pair)),
                password);
    }

    /** Writes the certificate of an authority as a PKCS #12 file, and returns the file. */
    public static Path writeTruststore(Path file, Certificates.Pair authority, String password) {
        return write(
                file,
                store -> store.setCertificateEntry("authority", readCertificate(authority.certificate())),
                password);
    }

    /** Writes a private key as an encrypted PEM file (PKCS #8), and returns the file. */
    public static Path writeEncryptedKey(Path file, Path key, String password) {
        try {
            Cipher cipher = Cipher.getInstance(KEY_ENCRYPTION);
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    SecretKeyFactory.getInstance(KEY_ENCRYPTION)
                            .generateSecret(new PBEKeySpec(password.toCharArray())));
            byte[] encryptedKey = cipher.doFinal(readPrivateKey(key).getEncoded());
            // In the file, the parameters must be under the name of the scheme and not under the name of the cipher.
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("PBES2");
            parameters.init(cipher.getParameters().getEncoded());
            byte[] encodedKey = new EncryptedPrivateKeyInfo(parameters, encryptedKey).getEncoded();
            return Files.writeString(
                    file,
                    "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                            + Base64.getMimeEncoder().encodeToString(encodedKey)
                            + "\n-----END ENCRYPTED PRIVATE KEY-----\n");
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("Cannot encrypt a key", e);
        }
    }

    private static KeyStore clientStore(Certificates.Pair pair, char[] password)
            throws GeneralSecurityException, IOException {
        KeyStore store = emptyStore();
        store.setKeyEntry("key", readPrivateKey(pair.key()), password, chain(pair));
        return store;
    }

    private static Path write(Path file, Content content, String password) {
        try (OutputStream out = Files.newOutputStream(file)) {
            KeyStore store = emptyStore();
            content.addTo(store);
            store.store(out, password.toCharArray());
            return file;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("Cannot write " + file, e);
        }
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(/* stream= */ null, /* password= */ null);
        return store;
    }

    private static Certificate[] chain(Certificates.Pair pair) throws GeneralSecurityException, IOException {
        return new Certificate[] {readCertificate(pair.certificate())};
    }

    private static Certificate readCertificate(Path pem) throws GeneralSecurityException, IOException {
        try (InputStream in = Files.newInputStream(pem)) {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(in.readAllBytes()));
        }
    }

    private static PrivateKey readPrivateKey(Path pem) throws GeneralSecurityException, IOException {
        String base64 = Files.readString(pem).replaceAll("-----[A-Z ]+-----", "");
        return KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64)));
    }

    /** Fills a keystore. */
    private interface Content {
        void addTo(KeyStore store) throws GeneralSecurityException, IOException;
    }
}
