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

/** Checks that the TLS files of the settings can be used, so that a start fails with one sentence about them. */
public final class CertificateCheck {

    /** Ends the search in a chain of causes that leads back to itself. */
    private static final int MAX_CAUSES = 20;

    private CertificateCheck() {}

    /**
     * Reads the files of a service that speaks TLS, in the same way as Spring Boot does later.
     *
     * @throws InvalidSettingsException if a file has the wrong format, the password is wrong, or the key does not
     *     belong to the certificate
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

    private static SslBundle bundle(TlsSettings tls) {
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

    /** Returns the messages of an exception and of its causes, each once, the most specific one last. */
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
