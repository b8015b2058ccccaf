package io.keysweep.cli.service;

import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.InputFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Names the PEM files for a TLS connection to a service: the authorities that the user trusts, and a client
 * certificate.
 *
 * @param authorities certificates of the authorities that may sign the service's certificate; null for the authorities
 *     that Java trusts
 * @param certificate client certificate; null for none
 * @param key private key of the client certificate (PKCS #8, unencrypted); null for none
 */
public record ServiceTls(
        @Nullable Path authorities,
        @Nullable Path certificate,
        @Nullable Path key) {

    /** A private key in a PEM file, whose text may also contain other parts, such as certificates. */
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    private static final List<String> KEY_ALGORITHMS = List.of("EC", "RSA", "EdDSA");

    /** The key store exists only in memory and needs no password, but its methods want one. */
    private static final char[] NO_PASSWORD = {};

    /**
     * Reads the files and returns the settings of TLS for an HTTP client. The client certificate is used only if both
     * {@code certificate} and {@code key} are set.
     *
     * @throws CommandFailure if a file cannot be read or has another format; the message names the file
     */
    SSLContext context() {
        try {
            KeyManager @Nullable [] keys = certificate == null || key == null ? null : keyManagers(certificate, key);
            // Null stands for the authorities that Java trusts.
            TrustManager @Nullable [] trust = authorities == null ? null : trustManagers(authorities);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, trust, /* random= */ null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new CommandFailure(ExitCode.USAGE, "TLS cannot be set up: " + e.getMessage(), e);
        }
    }

    private static TrustManager[] trustManagers(Path authorities) throws GeneralSecurityException, IOException {
        KeyStore store = emptyStore();
        int number = 0;
        for (Certificate authority : certificates(authorities)) {
            store.setCertificateEntry("authority-" + number++, authority);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyManager[] keyManagers(Path certificate, Path key) throws GeneralSecurityException, IOException {
        KeyStore store = emptyStore();
        store.setKeyEntry(
                "client",
                privateKey(key),
                NO_PASSWORD,
                certificates(certificate).toArray(new Certificate[0]));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(/* stream= */ null, /* password= */ null);
        return store;
    }

    private static Collection<? extends Certificate> certificates(Path file) {
        try {
            Collection<? extends Certificate> certificates = CertificateFactory.getInstance("X.509")
                    .generateCertificates(
                            new ByteArrayInputStream(InputFile.text(file).getBytes(StandardCharsets.UTF_8)));
            if (!certificates.isEmpty()) {
                return certificates;
            }
        } catch (GeneralSecurityException e) {
            // The throw statement below also reports a file without certificates.
        }
        throw new CommandFailure(ExitCode.USAGE, "file '" + file + "' holds no certificates in PEM form");
    }

    /** Reads a private key. A PEM file does not say the algorithm outside of the encoded key, so each is tried. */
    private static PrivateKey privateKey(Path file) throws NoSuchAlgorithmException {
        Matcher pem = KEY.matcher(InputFile.text(file));
        if (pem.find()) {
            PKCS8EncodedKeySpec encodedKey = new PKCS8EncodedKeySpec(decode(pem.group(1), file));
            for (String algorithm : KEY_ALGORITHMS) {
                try {
                    return KeyFactory.getInstance(algorithm).generatePrivate(encodedKey);
                } catch (InvalidKeySpecException e) {
                    // The key is of another algorithm.
                }
            }
        }
        throw new CommandFailure(
                ExitCode.USAGE, "file '" + file + "' holds no private key in PEM form (PKCS #8, unencrypted)");
    }

    private static byte[] decode(String base64, Path file) {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            // The cause is left out, since its message may contain a part of the key.
            throw new CommandFailure(
                    ExitCode.USAGE, "file '" + file + "' holds a damaged private key: its text is no Base64");
        }
    }
}
