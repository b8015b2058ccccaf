package io.keysweep.engine.lettuce;

import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.engine.topology.Tls;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslClosedEngineException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Why TLS with a node fails.
 *
 * @param reason the kind of refusal
 * @param what goes on after the node's name; ends with the remedy
 */
record TlsFailure(Reason reason, String what) {

    private static final Pattern ALERT = Pattern.compile("alert: ?(?:\\([^)]*\\) ?)?(\\w+)");

    /** What an error means under these terms, or null if it says no more than that the connection is gone. */
    static @Nullable TlsFailure of(Throwable error, Tls tls) {
        if (Causes.find(error, NotSslRecordException.class) != null) {
            return new TlsFailure(Reason.NOT_REDIS, "answers without TLS: use redis://, or the port that speaks TLS");
        }
        if (Causes.find(error, SslHandshakeTimeoutException.class) != null) {
            return silentInHandshake();
        }
        CertificateException certificate = Causes.find(error, CertificateException.class);
        if (certificate != null) {
            return new TlsFailure(Reason.UNREACHABLE, serverCertificate(certificate, tls));
        }
        SSLException failure = Causes.find(error, SSLException.class);
        if (failure == null) {
            return null;
        }
        Matcher alert = ALERT.matcher(String.valueOf(failure.getMessage()));
        if (alert.find()) {
            return new TlsFailure(Reason.UNREACHABLE, alert(alert.group(1).toLowerCase(Locale.ROOT), tls));
        }
        if (Causes.find(error, ClosedChannelException.class) != null
                || Causes.find(error, SslClosedEngineException.class) != null
                || String.valueOf(failure.getMessage()).startsWith("Connection closed")) {
            return null;
        }
        return new TlsFailure(Reason.NOT_REDIS, "does not complete the TLS handshake: " + Causes.deepest(failure));
    }

    /** Connected, but no answer to the handshake in time. */
    static TlsFailure silentInHandshake() {
        return new TlsFailure(
                Reason.NOT_REDIS,
                "does not answer the TLS handshake: a server without TLS (redis://), no Redis server, or one that"
                        + " hangs");
    }

    /** The connection went before the handshake was through, and nothing else is known. */
    static TlsFailure closedInHandshake() {
        return new TlsFailure(
                Reason.NOT_REDIS,
                "closed the connection in the TLS handshake; does it speak TLS? If not, use redis://");
    }

    /** The connection went right after the handshake, and nothing else is known. */
    static TlsFailure closedAfterHandshake(Tls tls) {
        return new TlsFailure(
                Reason.UNREACHABLE,
                "closed the connection after the TLS handshake; "
                        + (tls.certificate() == null
                                ? "if it asks for a client certificate, give certificate and key"
                                : "does it trust " + tls.certificate().named("client certificate") + "?"));
    }

    private static String serverCertificate(CertificateException error, Tls tls) {
        if (Causes.find(error, CertificateExpiredException.class) != null) {
            return "shows a certificate that has expired; have it renewed";
        }
        if (Causes.find(error, CertificateNotYetValidException.class) != null) {
            return "shows a certificate that is not valid yet; compare the clocks of both machines";
        }
        if (Causes.find(error, CertPathBuilderException.class) != null
                || Causes.find(error, CertPathValidatorException.class) != null) {
            return "shows a certificate that is not trusted: it goes back to none of those "
                    + (tls.authorities() == null
                            ? "that Java trusts"
                            : "in " + tls.authorities().named("CA"))
                    + "; give a CA file with the certificate of the authority that signed it";
        }
        return "shows a certificate that does not fit: " + Causes.deepest(error)
                + "; connect by a name or address that it is made for, or have it made for this one";
    }

    private static String alert(String alert, Tls tls) {
        return switch (alert) {
            case "certificate_required", "bad_certificate", "handshake_failure", "unknown_ca", "certificate_unknown" ->
                tls.certificate() == null
                        ? "asks for a client certificate and none is configured (" + alert
                                + "); give certificate and key"
                        : notAccepted(alert, tls);
            case "certificate_expired", "certificate_revoked", "unsupported_certificate", "decrypt_error" ->
                notAccepted(alert, tls);
            default -> "ends the TLS handshake (" + alert + "); see the server's log and its tls- settings";
        };
    }

    private static String notAccepted(String alert, Tls tls) {
        return "does not accept "
                + (tls.certificate() == null
                        ? "no client certificate"
                        : tls.certificate().named("client certificate"))
                + " (" + alert
                + "); give one that an authority of the server's tls-ca-cert-file has signed";
    }
}
