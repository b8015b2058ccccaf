package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.topology.Tls;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.util.Objects;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

/** Tests the messages about failed TLS handshakes with causes that the real servers of other tests cannot have. */
final class TlsFailureTest {

    @Test
    void of_certificateNotForServers_doesNotBlameItsName() {
        assertThat(explain(new CertificateException(
                        "Extended key usage does not permit use for TLS server authentication")))
                .contains("cannot be used: Extended key usage does not permit use for TLS server authentication")
                .doesNotContain("match");
    }

    @Test
    void of_certificateForAnotherName_namesIt() {
        assertThat(explain(new CertificateException("No subject alternative DNS name matching db.example found.")))
                .contains("does not match: No subject alternative DNS name matching db.example found")
                .contains("connect by a name or address in the certificate");
    }

    @Test
    void of_weakCertificate_isNotCalledUntrusted() {
        CertPathValidatorException weak = new CertPathValidatorException(
                "Algorithm constraints check failed on keysize limits: RSA 512 bit key used",
                /* cause= */ null,
                /* certPath= */ null,
                /* index= */ -1,
                BasicReason.ALGORITHM_CONSTRAINED);

        assertThat(explain(new CertificateException(weak)))
                .contains("too weak for Java: Algorithm constraints check failed")
                .doesNotContain("not trusted");
    }

    /**
     * The message names both causes. In TLS 1.2, OpenSSL sends this alert if the client certificate is missing, and if
     * there is no common cipher.
     */
    @Test
    void of_handshakeFailure_namesBothCauses() {
        assertThat(explain(new SSLHandshakeException("Received fatal alert: handshake_failure")))
                .contains("requires a client certificate and none is configured, or it accepts no cipher");
    }

    /** Returns what the message says about a handshake that failed for a cause. */
    private static String explain(Exception cause) {
        SSLHandshakeException thrown = new SSLHandshakeException(cause.getMessage());
        thrown.initCause(cause);
        return Objects.requireNonNull(TlsFailure.of(thrown, Tls.DEFAULT)).predicate();
    }
}
