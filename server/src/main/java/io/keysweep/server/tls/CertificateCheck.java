package io.keysweep.server.tls;

import io.keysweep.server.config.InvalidSettingsException;
import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.config.TlsSettings;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.ssl.JksSslBundleProperties;
import org.springframework.boot.autoconfigure.ssl.PemSslBundleProperties;
import org.springframework.boot.autoconfigure.ssl.PropertiesSslBundle;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.core.env.MapPropertySource;

/**
 * Checks at the start of the service that the TLS files of the settings can be used.
 *
 * <p>The service then refuses to start with one sentence about the files, instead of a stack trace of Spring Boot.
 */
public final class CertificateCheck {

    /**
     * The maximum number of causes that are read. A chain of causes can lead back to itself, and would then be endless.
     */
    private static final int MAX_CAUSES = 20;

    private CertificateCheck() {}

    /**
     * Reads the TLS files in the same way as Spring Boot does later. Does nothing if the settings have no TLS, or if
     * this process serves no requests.
     *
     * @throws InvalidSettingsException if TLS cannot work with the files, for example because a file is missing or has
     *     the wrong format, the password is wrong, or the key does not belong to the certificate
     */
    public static void check(ServiceSettings settings) {
        TlsSettings tls = settings.tls();
        if (tls == null || !settings.listens()) {
            return;
        }
        try {
            bundle(tls).createSslContext();
        } catch (RuntimeException e) {
            throw new InvalidSettingsException(List.of((tls.keystore() == null
                            ? "server.tls.certificate is '" + tls.certificate() + "' and server.tls.key is '"
                                    + tls.key() + "'"
                            : "server.tls.keystore is '" + tls.keystore() + "'")
                    + ", but TLS cannot work with them: " + reason(e)));
        }
    }

    /** Builds the bundle of certificate and key from the same properties as Spring Boot does later. */
    private static SslBundle bundle(TlsSettings tls) {
        // Spring Boot resolves placeholders in the properties. This class must also do so, or the paths could differ.
        MapPropertySource source = new MapPropertySource("tls", tls.bundleProperties());
        Binder binder = new Binder(
                List.of(ConfigurationPropertySource.from(source)),
                new PropertySourcesPlaceholdersResolver(List.of(source)));
        return tls.keystore() == null
                ? PropertiesSslBundle.get(
                        binder.bind("spring.ssl.bundle.pem." + TlsSettings.BUNDLE, PemSslBundleProperties.class)
                                .get())
                : PropertiesSslBundle.get(
                        binder.bind("spring.ssl.bundle.jks." + TlsSettings.BUNDLE, JksSslBundleProperties.class)
                                .get());
    }

    /**
     * Returns the messages of an exception and of its causes in one line, the innermost cause last. Leaves out a
     * message that an outer one contains. An exception without a message is shown by the name of its class.
     */
    static String reason(Throwable thrown) {
        Set<String> messages = new LinkedHashSet<>();
        @Nullable Throwable cause = thrown;
        for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
            String message = cause.getMessage();
            if (message == null) {
                messages.add(cause.getClass().getSimpleName());
            } else if (!String.join("\n", messages).contains(message)) {
                messages.add(message);
            }
            cause = cause.getCause();
        }
        return String.join(": ", messages);
    }
}
