package io.keysweep.engine.lettuce;

import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.engine.topology.Tls;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslClosedEngineException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Explains to the user why the TLS handshake with a node failed, with a remedy where one is known.
 *
 * <p>{@link ConnectionFailures} adds the node's address to the explanation. The class finds the cause in the exceptions
 * of Java and Netty: the server's certificate, an alert (the server's error message in TLS), or a closed connection.
 * The reason is {@code UNREACHABLE} if certificates or settings are wrong, and {@code NOT_REDIS} if the node may not be
 * a Redis server with TLS.
 *
 * @param reason the kind of refusal
 * @param predicate the part of the message after the node's address, for example {@code answers without TLS; use
 *     redis://}
 */
record TlsFailure(Reason reason, String predicate) {

    /**
     * Finds the alert's name in a message of Java, for example in {@code Received fatal alert: bad_certificate}. A text
     * in parentheses may precede the name.
     */
    private static final Pattern ALERT = Pattern.compile("alert: ?(?:\\([^)]*\\) ?)?(\\w+)");

    /**
     * Explains an exception. Returns null if neither the exception nor a cause is about TLS, or if they say only that
     * the connection was closed.
     *
     * @param tls the settings of the connection, which the message names
     */
    static @Nullable TlsFailure of(Throwable error, Tls tls) {
        if (ExceptionCauses.find(error, NotSslRecordException.class) != null) {
            return new TlsFailure(Reason.NOT_REDIS, "answers without TLS; use redis://, or the server's TLS port");
        }
        if (ExceptionCauses.find(error, SslHandshakeTimeoutException.class) != null) {
            return silentInHandshake();
        }
        CertificateException certificate = ExceptionCauses.find(error, CertificateException.class);
        if (certificate != null) {
            return new TlsFailure(Reason.UNREACHABLE, new ServerCertificateFailure(tls).explain(certificate));
        }
        SSLException failure = ExceptionCauses.find(error, SSLException.class);
        if (failure == null) {
            return null;
        }
        Matcher alertName = ALERT.matcher(String.valueOf(failure.getMessage()));
        if (alertName.find()) {
            return new TlsFailure(
                    Reason.UNREACHABLE, explainAlert(alertName.group(1).toLowerCase(Locale.ROOT), tls));
        }
        // If the connection was closed, Netty and Java also throw an exception of TLS.
        if (ExceptionCauses.find(error, ClosedChannelException.class) != null
                || ExceptionCauses.find(error, SslClosedEngineException.class) != null
                || String.valueOf(failure.getMessage()).startsWith("Connection closed")) {
            return null;
        }
        return new TlsFailure(
                Reason.NOT_REDIS, "does not complete the TLS handshake: " + ExceptionCauses.deepest(failure));
    }

    /** Explains that the node accepted the connection but did not answer the handshake in time. */
    static TlsFailure silentInHandshake() {
        return new TlsFailure(
                Reason.NOT_REDIS,
                "does not answer the TLS handshake: it is a server without TLS (redis://), is not a Redis server, or"
                        + " hangs");
    }

    /** Explains that the connection was closed during the handshake, without another cause. */
    static TlsFailure closedInHandshake() {
        return new TlsFailure(
                Reason.NOT_REDIS,
                "closed the connection during the TLS handshake; does it support TLS (if not, use redis://), and does it"
                        + " accept more clients (maxclients)?");
    }

    /**
     * Explains that the connection was closed right after the handshake, without another cause. In TLS 1.3, a server
     * closes it at this moment if it does not accept the client's certificate.
     */
    static TlsFailure closedAfterHandshake(Tls tls) {
        return new TlsFailure(
                Reason.UNREACHABLE,
                "closed the connection after the TLS handshake; "
                        + (tls.certificate() == null
                                ? "if it requires a client certificate, configure certificate and key"
                                : "does it trust " + tls.certificate().named("client certificate") + "?"));
    }

    /** Explains an alert by its name, for example {@code bad_certificate}. */
    private static String explainAlert(String alert, Tls tls) {
        return switch (alert) {
            // If the client certificate is missing, the alert depends on the versions of TLS and OpenSSL. If there is a
            // certificate, all these alerts mean that the server does not accept it. handshake_failure also has another
            // cause: client and server have no cipher in common.
            case "handshake_failure" ->
                tls.certificate() == null
                        ? "refuses the TLS handshake (" + alert + "): it requires a client certificate and none is"
                                + " configured, or it accepts no cipher that Java offers; configure certificate and"
                                + " key, or see its tls-ciphers"
                        : explainRefusal(alert, tls);
            case "certificate_required", "bad_certificate", "unknown_ca", "certificate_unknown" ->
                tls.certificate() == null
                        ? "requires a client certificate and none is configured (" + alert
                                + "); configure certificate and key"
                        : explainRefusal(alert, tls);
            case "certificate_expired" -> expiredForServer(alert, tls);
            case "certificate_revoked", "unsupported_certificate", "decrypt_error" -> explainRefusal(alert, tls);
            default -> "ends the TLS handshake (" + alert + "); see the server's log and its tls- settings";
        };
    }

    /** Explains an alert about a client certificate that is missing or not accepted. */
    private static String explainRefusal(String alert, Tls tls) {
        return (tls.certificate() == null
                        ? "requires a client certificate"
                        : "does not accept " + tls.certificate().named("client certificate"))
                + " (" + alert
                + "); configure one that is signed by an authority in the server's tls-ca-cert-file";
    }

    /**
     * Explains that the server regards a certificate as expired. If no certificate of the client's chain has expired,
     * either the authority in the server's CA file has expired, or the server's clock is wrong.
     */
    private static String expiredForServer(String alert, Tls tls) {
        return tls.certificate() == null || clientChain(tls).stream().anyMatch(TlsFailure::hasExpired)
                ? explainRefusal(alert, tls)
                : "does not accept " + tls.certificate().named("client certificate") + " (" + alert
                        + "), although that one has not expired: an authority in the server's tls-ca-cert-file has,"
                        + " or the server's clock is wrong; renew that authority";
    }

    private static boolean hasExpired(X509Certificate certificate) {
        try {
            certificate.checkValidity();
            return false;
        } catch (CertificateExpiredException e) {
            return true;
        } catch (CertificateNotYetValidException e) {
            return false;
        }
    }

    private static List<X509Certificate> clientChain(Tls tls) {
        try {
            return tls.certificate() == null ? List.of() : tls.certificate().certificates("client certificate");
        } catch (IllegalArgumentException e) {
            // The file was replaced since the connection was opened.
            return List.of();
        }
    }
}
