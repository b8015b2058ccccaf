package io.keysweep.server.tls;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.config.TlsSettings;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.X509Certificate;
import java.util.Collections;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Logs one line when the TLS files have changed. The line says whether the service uses the new certificate or keeps
 * the old one.
 *
 * <p>Spring Boot watches the TLS files and passes a change to Tomcat. If the changed files cannot be used, Spring Boot
 * logs a stack trace of several pages. This class is therefore also a filter of the log, which replaces that stack
 * trace by one line. It does nothing without TLS, or if the process serves no requests.
 */
@Component
final class CertificateReload extends TurboFilter implements DisposableBean {

    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(CertificateReload.class);

    /** The name of the logger by which Spring Boot reports a failed reload. */
    private static final String WATCHER = "org.springframework.boot.autoconfigure.ssl.FileWatcher";

    /** Settings of TLS; null without TLS, or if this process serves no requests. */
    private final @Nullable TlsSettings tls;

    private final SslBundles bundles;

    CertificateReload(ServiceSettings settings, SslBundles bundles) {
        this.tls = settings.listens() ? settings.tls() : null;
        this.bundles = bundles;
    }

    /**
     * Registers for changes of the files when the service is ready. This handler is registered after
     * Tomcat's. Spring Boot calls Tomcat's first and stops if it fails. So a change that Tomcat refuses is not logged
     * as used.
     */
    @EventListener
    void begin(ApplicationReadyEvent event) {
        if (tls != null) {
            if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
                context.addTurboFilter(this);
            }
            LOG.info("TLS uses the certificate of {}", describe(bundles.getBundle(TlsSettings.BUNDLE)));
            bundles.addBundleUpdateHandler(
                    TlsSettings.BUNDLE,
                    changed -> LOG.info("TLS uses the changed files: the certificate of {}", describe(changed)));
        }
    }

    /** Removes the filter from the log, which outlives this bean. */
    @Override
    public void destroy() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.getTurboFilterList().remove(this);
        }
    }

    /**
     * Replaces the stack trace of a failed reload by one line. Called for every message of every logger, on the thread
     * that logs.
     */
    @Override
    public FilterReply decide(
            @Nullable Marker marker,
            Logger logger,
            Level level,
            @Nullable String format,
            Object @Nullable [] parameters,
            @Nullable Throwable thrown) {
        if (thrown == null || !logger.getName().equals(WATCHER)) {
            return FilterReply.NEUTRAL;
        }
        LOG.error(
                "The changed TLS files cannot be used, so new connections still get the old certificate: {}",
                CertificateCheck.reason(thrown));
        return FilterReply.DENY;
    }

    /**
     * Returns the subject and the end of validity of the first X.509 certificate in a bundle, or says that they are
     * unknown. Throws no exception, because a reload must not fail because of its log line.
     */
    private static String describe(SslBundle bundle) {
        try {
            KeyStore store = bundle.getStores().getKeyStore();
            if (store != null) {
                for (String alias : Collections.list(store.aliases())) {
                    if (store.getCertificate(alias) instanceof X509Certificate certificate) {
                        return certificate.getSubjectX500Principal() + ", which is valid until "
                                + certificate.getNotAfter().toInstant();
                    }
                }
            }
            return "an unknown subject";
        } catch (KeyStoreException e) {
            return "a subject that cannot be read: " + e.getMessage();
        }
    }
}
