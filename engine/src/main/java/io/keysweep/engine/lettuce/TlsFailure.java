package io.keysweep.engine.lettuce;

import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.engine.topology.Tls;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslClosedEngineException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Explains to the user why the TLS handshake with a node failed, with a remedy where one is known.
 *
 * <p>{@link ConnectionFailures} makes a message of it. The causes are in the exceptions of Java and Netty: the server's
 * certificate, an alert (the server's error message in TLS), or a closed connection. The reason is {@code NOT_REDIS}
 * where the node may be no server with TLS at all, and {@code UNREACHABLE} where certificates or settings are at fault.
 *
 * @param reason the kind of refusal
 * @param what the part of the message after the node's address, for example {@code answers without TLS; use redis://}
 */
record TlsFailure(Reason reason, String what) {

    /**
     * Finds the alert's name in a message of Java, for example in {@code Received fatal alert: bad_certificate}. A text
     * in parentheses may precede the name.
     */
    private static final Pattern ALERT = Pattern.compile("alert: ?(?:\\([^)]*\\) ?)?(\\w+)");

    /** Matches what Java says of a certificate that is for another name or address. */
    private static final Pattern OTHER_NAME = Pattern.compile("No (?:subject alternative|name )");

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
            return new TlsFailure(Reason.UNREACHABLE, explainCertificate(certificate, tls));
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
        // Netty and Java also wrap a connection that was closed in an exception of TLS.
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
     * Explains that the connection was closed right after the handshake, without another cause. In TLS 1.3 a server
     * that does not accept the client's certificate does so.
     */
    static TlsFailure closedAfterHandshake(Tls tls) {
        return new TlsFailure(
                Reason.UNREACHABLE,
                "closed the connection after the TLS handshake; "
                        + (tls.certificate() == null
                                ? "if it requires a client certificate, configure certificate and key"
                                : "does it trust " + tls.certificate().named("client certificate") + "?"));
    }

    /** Explains why the client does not accept the server's certificate. */
    private static String explainCertificate(CertificateException error, Tls tls) {
        if (ExceptionCauses.find(error, CertificateExpiredException.class) != null) {
            return "presents a certificate that has expired; renew it";
        }
        if (ExceptionCauses.find(error, CertificateNotYetValidException.class) != null) {
            return "presents a certificate that is not valid yet; compare the clocks of both machines";
        }
        CertPathValidatorException invalidPath = ExceptionCauses.find(error, CertPathValidatorException.class);
        if (invalidPath != null && invalidPath.getReason() == BasicReason.ALGORITHM_CONSTRAINED) {
            return "presents a certificate that is too weak for Java: " + ExceptionCauses.deepest(error)
                    + "; reissue it with a longer key and a newer signature algorithm";
        }
        if (invalidPath != null || ExceptionCauses.find(error, CertPathBuilderException.class) != null) {
            return "presents a certificate that is not trusted: none of the authorities "
                    + (tls.authorities() == null
                            ? "that Java trusts"
                            : "in " + tls.authorities().named("CA"))
                    + " signed it; configure a CA file with the certificate of the authority that did";
        }
        String why = ExceptionCauses.deepest(error);
        return OTHER_NAME.matcher(why).lookingAt()
                ? "presents a certificate that does not match: " + why
                        + "; connect by a name or address in the certificate, or reissue it for this one"
                : "presents a certificate that cannot be used: " + why + "; reissue it as one for servers";
    }

    /** Explains an alert by its name, for example {@code bad_certificate}. */
    private static String explainAlert(String alert, Tls tls) {
        return switch (alert) {
            // For a client certificate that is missing, versions of TLS and OpenSSL send different ones of these
            // alerts. With a certificate, they mean that the server does not accept it. The first alert has another
            // cause too: no cipher that both sides accept.
            case "handshake_failure" ->
                tls.certificate() == null
                        ? "refuses the TLS handshake (" + alert + "): it requires a client certificate and none is"
                                + " configured, or it accepts no cipher that Java offers; configure certificate and"
                                + " key, or see its tls-ciphers"
                        : notAccepted(alert, tls);
            case "certificate_required", "bad_certificate", "unknown_ca", "certificate_unknown" ->
                tls.certificate() == null
                        ? "requires a client certificate and none is configured (" + alert
                                + "); configure certificate and key"
                        : notAccepted(alert, tls);
            case "certificate_expired", "certificate_revoked", "unsupported_certificate", "decrypt_error" ->
                notAccepted(alert, tls);
            default -> "ends the TLS handshake (" + alert + "); see the server's log and its tls- settings";
        };
    }

    /** Explains an alert that is about the client's certificate: that it is missing, or is not accepted. */
    private static String notAccepted(String alert, Tls tls) {
        return (tls.certificate() == null
                        ? "requires a client certificate"
                        : "does not accept " + tls.certificate().named("client certificate"))
                + " (" + alert
                + "); configure one that is signed by an authority in the server's tls-ca-cert-file";
    }
}
