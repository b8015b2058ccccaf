package io.keysweep.testkit;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * Creates certificates and keys for TLS tests as PEM files in a temporary folder, which {@link #close} deletes.
 *
 * <p>Two authorities are valid, and each has signed certificates of its own. A server that trusts one of them refuses
 * the certificates of the other. All keys are on the curve P-256. All certificates are valid now, except
 * certificates whose names say that they have expired.
 */
public final class Certificates implements AutoCloseable {

    /** The time before and after now in which a certificate is valid; far longer than a test run takes. */
    private static final Duration VALIDITY = Duration.ofDays(2);

    /**
     * Names the files of a certificate and its private key, for a server's options or a client's TLS settings.
     *
     * @param certificate the path of the certificate in PEM form, without the authority's certificate
     * @param key the path of the private key in PEM form (PKCS #8, unencrypted)
     */
    public record Pair(Path certificate, Path key) {}

    private final TemporaryFolder folder = TemporaryFolder.create("keysweep-certificates");
    private final Pair authority;
    private final Pair server;
    private final Pair renewedServer;
    private final Pair wrongName;
    private final Pair client;
    private final Pair otherAuthority;
    private final Pair otherClient;
    private final Pair expiredAuthority;
    private final Pair clientOfExpiredAuthority;
    private final Pair serverOfExpiredIntermediate;
    private final Pair nonAuthority;
    private final Pair serverSignedByNonAuthority;

    private Certificates() throws Exception {
        X509Bundle usualAuthority = authority("ca");
        X509Bundle secondAuthority = authority("other-ca");

        // The usual authority signs most certificates.
        authority = write("ca", usualAuthority);
        server = write(
                "server",
                builder("server")
                        .addSanIpAddress("127.0.0.1")
                        .addSanIpAddress("::1")
                        .addSanDnsName("localhost")
                        .buildIssuedBy(usualAuthority));
        renewedServer = write(
                "renewed-server",
                builder("renewed server")
                        .addSanIpAddress("127.0.0.1")
                        .addSanDnsName("localhost")
                        .buildIssuedBy(usualAuthority));
        wrongName = write(
                "wrong-name",
                builder("wrong-name").addSanDnsName("elsewhere.example").buildIssuedBy(usualAuthority));
        client = write(
                "client", builder("client").addExtendedKeyUsageClientAuth().buildIssuedBy(usualAuthority));

        // The other authority signs only the certificate of a client.
        otherAuthority = write("other-ca", secondAuthority);
        otherClient = write(
                "other-client",
                builder("other-client").addExtendedKeyUsageClientAuth().buildIssuedBy(secondAuthority));

        // One authority has expired, and one intermediate authority that the usual authority has signed.
        X509Bundle expiredBundle = makeExpired(builder("expired-ca"))
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        expiredAuthority = write("expired-ca", expiredBundle);
        clientOfExpiredAuthority = write(
                "client-of-expired-ca",
                builder("client of expired ca").addExtendedKeyUsageClientAuth().buildIssuedBy(expiredBundle));
        X509Bundle intermediate = makeExpired(builder("expired-intermediate"))
                .setIsCertificateAuthority(true)
                .buildIssuedBy(usualAuthority);
        X509Bundle serverOfIntermediate =
                builder("server").addSanIpAddress("127.0.0.1").buildIssuedBy(intermediate);
        serverOfExpiredIntermediate = new Pair(
                folder.write(
                        "chain.pem",
                        serverOfIntermediate.getCertificatePEM() + "\n" + intermediate.getCertificatePEM()),
                folder.write("chain.key", serverOfIntermediate.getPrivateKeyPEM()));

        // A certificate without the right to sign has signed another one.
        X509Bundle notAnAuthority = builder("plain").buildIssuedBy(usualAuthority);
        nonAuthority = write("plain", notAnAuthority);
        serverSignedByNonAuthority = write(
                "server-of-plain",
                builder("server").addSanIpAddress("127.0.0.1").buildIssuedBy(notAnAuthority));
    }

    /** Creates all certificates and keys. */
    public static Certificates create() {
        try {
            return new Certificates();
        } catch (Exception e) {
            throw new IllegalStateException("Cannot create certificates", e);
        }
    }

    /**
     * Returns the authority that signed {@link #server}, {@link #renewedServer}, {@link #wrongName} and
     * {@link #client}.
     */
    public Pair authority() {
        return authority;
    }

    /** Returns a server's certificate for 127.0.0.1, ::1 and localhost. */
    public Pair server() {
        return server;
    }

    /** Returns another server's certificate for 127.0.0.1 and localhost (not ::1), with its own key. */
    public Pair renewedServer() {
        return renewedServer;
    }

    /** Returns a server's certificate for a host name that no test uses, so clients must refuse it. */
    public Pair wrongName() {
        return wrongName;
    }

    /** Returns a client's certificate that {@link #authority} signed. */
    public Pair client() {
        return client;
    }

    /** Returns the authority that signed only {@link #otherClient}. */
    public Pair otherAuthority() {
        return otherAuthority;
    }

    /** Returns a client's certificate that {@link #otherAuthority} signed. */
    public Pair otherClient() {
        return otherClient;
    }

    /** Returns an authority that has expired and has signed only {@link #clientOfExpiredAuthority}. */
    public Pair expiredAuthority() {
        return expiredAuthority;
    }

    /** Returns a client's certificate that is valid now, but whose authority has expired. */
    public Pair clientOfExpiredAuthority() {
        return clientOfExpiredAuthority;
    }

    /**
     * Returns a server's certificate for 127.0.0.1 with the certificate of the intermediate authority that signed it.
     * The intermediate authority has expired; {@link #authority} has signed it.
     */
    public Pair serverOfExpiredIntermediate() {
        return serverOfExpiredIntermediate;
    }

    /**
     * Returns a certificate that must not sign others, but has signed {@link #serverSignedByNonAuthority} nevertheless.
     */
    public Pair nonAuthority() {
        return nonAuthority;
    }

    /** Returns a server's certificate for 127.0.0.1 that {@link #nonAuthority} has signed; clients must refuse it. */
    public Pair serverSignedByNonAuthority() {
        return serverSignedByNonAuthority;
    }

    /** Writes a text file next to the certificates and returns its path. */
    public Path file(String name, String text) {
        return folder.write(name, text);
    }

    @Override
    public void close() {
        folder.close();
    }

    private static X509Bundle authority(String name) throws Exception {
        return builder(name).setIsCertificateAuthority(true).buildSelfSigned();
    }

    private static CertificateBuilder builder(String name) {
        Instant now = Instant.now();
        return new CertificateBuilder()
                .ecp256()
                .subject("CN=keysweep test " + name)
                .notBefore(now.minus(VALIDITY))
                .notAfter(now.plus(VALIDITY));
    }

    private static CertificateBuilder makeExpired(CertificateBuilder builder) {
        Instant now = Instant.now();
        return builder.notBefore(now.minus(VALIDITY.multipliedBy(2))).notAfter(now.minus(VALIDITY));
    }

    private Pair write(String name, X509Bundle bundle) {
        return new Pair(
                folder.write(name + ".pem", bundle.getCertificatePEM()),
                folder.write(name + ".key", bundle.getPrivateKeyPEM()));
    }
}
