package io.keysweep.server.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Describes how the service speaks TLS: where its certificate is, and whether clients must show a certificate.
 *
 * <p>Either {@code certificate} and {@code key} are set and {@code keystore} is null, or only {@code keystore} of the
 * three is set. {@link TlsSettingsReader} checks that. Spring Boot reads the files, and reads them again when they
 * change.
 *
 * @param certificate PEM file with the certificate of the service, followed by the certificates of its authorities
 * @param key PEM file with the private key of the certificate (PKCS #8, encrypted or not)
 * @param keystore PKCS #12 or JKS file with the certificate and its private key
 * @param password password of the encrypted key or of the keystore; null for a key that is not encrypted
 * @param clientAuthorities file with the authorities that may sign certificates of clients; null if clients are not
 *     asked for a certificate. The file is a PEM file or, with {@code keystore}, another keystore with the same
 *     password
 * @param clientCertificates whether clients are asked for a certificate
 */
public record TlsSettings(
        @Nullable Path certificate,
        @Nullable Path key,
        @Nullable Path keystore,
        @Nullable String password,
        @Nullable Path clientAuthorities,
        ClientCertificates clientCertificates) {

    /** The name of the SSL bundle of Spring Boot that contains certificate, key and authorities. */
    public static final String BUNDLE = "keysweep";

    private static final String PROTOCOLS = "TLSv1.3,TLSv1.2";

    /** Suites with forward secrecy and authenticated encryption only, the strongest first (RFC 9325, section 4.2). */
    private static final String CIPHERS = String.join(
            ",",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");

    /** The time for which files must stay unchanged before they are read again, so that rarely half a file is read. */
    private static final String QUIET_PERIOD = "2s";

    /** Says whether the service asks clients for a certificate in the TLS handshake. */
    public enum ClientCertificates {
        /** Clients are not asked for a certificate. */
        NONE("none"),
        /** Clients may show a certificate, which must then be valid. */
        WANTED("want"),
        /** Clients without a valid certificate are refused in the handshake. */
        REQUIRED("need");

        private final String springName;

        ClientCertificates(String springName) {
            this.springName = springName;
        }
    }

    /** Returns the properties of Spring Boot that define the SSL bundle, which is read again when its files change. */
    public Map<String, Object> bundleProperties() {
        String bundle = "spring.ssl.bundle." + (keystore == null ? "pem." : "jks.") + BUNDLE;
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("spring.ssl.bundle.watch.file.quiet-period", QUIET_PERIOD);
        properties.put(bundle + ".reload-on-update", true);
        properties.put(bundle + ".options.enabled-protocols", PROTOCOLS);
        properties.put(bundle + ".options.ciphers", CIPHERS);

        if (keystore == null) {
            put(properties, bundle + ".keystore.certificate", certificate);
            put(properties, bundle + ".keystore.private-key", key);
            put(properties, bundle + ".keystore.private-key-password", password);
            properties.put(bundle + ".keystore.verify-keys", true);
            put(properties, bundle + ".truststore.certificate", clientAuthorities);
        } else {
            put(properties, bundle + ".keystore.location", keystore);
            put(properties, bundle + ".keystore.password", password);
            put(properties, bundle + ".truststore.location", clientAuthorities);
            put(properties, bundle + ".truststore.password", clientAuthorities == null ? null : password);
        }
        return properties;
    }

    /**
     * Returns the properties that make a web server of Spring Boot use the bundle.
     *
     * @param server the prefix of the server's properties, {@code server} or {@code management.server}
     */
    Map<String, Object> serverProperties(String server) {
        return Map.of(server + ".ssl.bundle", BUNDLE, server + ".ssl.client-auth", clientCertificates.springName);
    }

    /** Adds a property unless its value is null. A file is written as a URL, because Spring expects one. */
    private static void put(Map<String, Object> properties, String name, @Nullable Object value) {
        if (value != null) {
            String text = value instanceof Path path ? path.toUri().toString() : value.toString();
            properties.put(name, SpringText.literal(text));
        }
    }

    /** Returns a text for logs, without the password. */
    @Override
    public String toString() {
        return "TlsSettings[certificate=" + certificate + ", key=" + key + ", keystore=" + keystore
                + ", clientAuthorities=" + clientAuthorities + ", clientCertificates=" + clientCertificates + "]";
    }
}
