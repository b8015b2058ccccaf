package io.keysweep.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Tests the certificates and keys that other tests use for TLS. */
final class CertificatesTest {

    /** The extended key usage "TLS client authentication" of RFC 5280. */
    private static final String CLIENT_AUTHENTICATION = "1.3.6.1.5.5.7.3.2";

    /** The value of {@link X509Certificate#getBasicConstraints} for a certificate that may sign no others. */
    private static final int NO_AUTHORITY = -1;

    @AutoClose
    private final Certificates certificates = Certificates.create();

    @Test
    void create_serverAndClient_areSignedByTheirAuthority() throws Exception {
        X509Certificate authority = read(certificates.authority().certificate());
        X509Certificate server = read(certificates.server().certificate());
        X509Certificate client = read(certificates.client().certificate());
        X509Certificate otherClient = read(certificates.otherClient().certificate());

        server.verify(authority.getPublicKey());
        client.verify(authority.getPublicKey());
        otherClient.verify(read(certificates.otherAuthority().certificate()).getPublicKey());

        assertThat(authority.getBasicConstraints()).isGreaterThan(NO_AUTHORITY);
        assertThat(server.getBasicConstraints()).isEqualTo(NO_AUTHORITY);
        assertThat(server.getSubjectAlternativeNames())
                .as("the names in the certificate, which are 127.0.0.1, ::1 and localhost")
                .hasSize(3);
        assertThat(server.getSubjectX500Principal().getName()).isEqualTo("CN=keysweep test server");
        assertThat(client.getExtendedKeyUsage()).containsExactly(CLIENT_AUTHENTICATION);
    }

    @Test
    void create_key_isUnencryptedPkcs8() throws Exception {
        assertThat(Files.readString(certificates.server().key()))
                .startsWith("-----BEGIN PRIVATE KEY-----")
                .contains("-----END PRIVATE KEY-----");
    }

    /** Reads the certificate in a PEM file. */
    private static X509Certificate read(Path pem) throws Exception {
        try (InputStream in = Files.newInputStream(pem)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }
}
