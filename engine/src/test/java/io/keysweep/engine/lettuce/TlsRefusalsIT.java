package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.engine.topology.Tls;
import io.keysweep.testkit.Certificates;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests the reasons and messages with which connections are refused because of certificates, keys or TLS itself. */
final class TlsRefusalsIT {

    /** A port without a server. The files of these tests are refused before a connection is tried. */
    private static final int UNUSED_PORT = 1;

    @AutoClose
    private static final SecureAccess access = new SecureAccess();

    static List<RedisVersion> versions() {
        return SecureAccess.versions();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void inspect_certificateOfUnknownAuthority_isNotTrusted(RedisVersion version) {
        try (RedisServer server = access.start(version, access.certificates().server(), "--tls-auth-clients", "no")) {
            access.assertRefused(
                    SecureAccess.deploymentAt("127.0.0.1", server.tlsPort(), Tls.DEFAULT),
                    Reason.UNREACHABLE,
                    "certificate that is not trusted",
                    "that Java trusts",
                    "configure a CA file");
            Path otherAuthority = access.certificates().otherAuthority().certificate();
            access.assertRefused(
                    SecureAccess.deploymentAt(
                            "127.0.0.1",
                            server.tlsPort(),
                            Tls.ofFiles(otherAuthority, /* certificate= */ null, /* key= */ null)),
                    Reason.UNREACHABLE,
                    "certificate that is not trusted",
                    "CA file " + otherAuthority);
        }
    }

    /**
     * Java trusts an expired authority in the CA file. The message therefore names an expired authority only if that
     * authority may be the cause.
     */
    @ParameterizedTest
    @MethodSource("versions")
    void inspect_faultOfAnAuthority_namesThatCertificate(RedisVersion version) {
        Certificates certificates = access.certificates();
        try (RedisServer server = access.start(version, certificates.server(), "--tls-auth-clients", "no")) {
            assertUntrusted(server, certificates.expiredAuthority(), "none of the authorities", "has expired at");

            // A client certificate is no certificate of an authority at all.
            assertUntrusted(
                    server, certificates.client(), "none of the authorities", "client' is not a CA certificate");
        }

        // A certificate in the CA file that is no authority has signed the server's certificate.
        try (RedisServer server =
                access.start(version, certificates.serverSignedByNonAuthority(), "--tls-auth-clients", "no")) {
            assertUntrusted(server, certificates.nonAuthority(), "plain' is not a CA certificate", "basicConstraints");
        }

        // The server sends an intermediate authority that has expired.
        try (RedisServer server =
                access.start(version, certificates.serverOfExpiredIntermediate(), "--tls-auth-clients", "no")) {
            access.assertRefused(
                    SecureAccess.deploymentAt("127.0.0.1", server.tlsPort(), access.trusting()),
                    Reason.UNREACHABLE,
                    "presents a certificate whose authority has expired",
                    "expired-intermediate");
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void inspect_authorityOfTheServerHasExpired_doesNotBlameTheClientsCertificate(RedisVersion version) {
        Certificates certificates = access.certificates();
        Certificates.Pair client = certificates.clientOfExpiredAuthority();
        try (RedisServer server = RedisServer.startWithTls(
                version, certificates.server(), certificates.expiredAuthority().certificate())) {
            access.assertRefused(
                    SecureAccess.deploymentAt("127.0.0.1", server.tlsPort(), access.presenting(client)),
                    Reason.UNREACHABLE,
                    "client certificate file " + client.certificate(),
                    "although that one has not expired",
                    "an authority in the server's tls-ca-cert-file has");
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void inspect_certificateForAnotherName_isRefusedWithTheName(RedisVersion version) {
        try (RedisServer server =
                access.start(version, access.certificates().wrongName(), "--tls-auth-clients", "no")) {
            for (String host : new String[] {"127.0.0.1", "localhost"}) {
                access.assertRefused(
                        SecureAccess.deploymentAt(host, server.tlsPort(), access.trusting()),
                        Reason.UNREACHABLE,
                        "certificate that does not match",
                        host,
                        "connect by a name or address in the certificate");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void inspect_noClientCertificate_isRefusedWithTheRemedy(RedisVersion version) {
        try (RedisServer server = access.start(version, access.certificates().server())) {
            access.assertRefused(
                    SecureAccess.deploymentAt("127.0.0.1", server.tlsPort(), access.trusting()),
                    Reason.UNREACHABLE,
                    "client certificate",
                    "configure certificate and key");
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void inspect_clientCertificateOfUnknownAuthority_isNotAccepted(RedisVersion version) {
        try (RedisServer server = access.start(version, access.certificates().server())) {
            access.assertRefused(
                    SecureAccess.deploymentAt(
                            "127.0.0.1",
                            server.tlsPort(),
                            access.presenting(access.certificates().otherClient())),
                    Reason.UNREACHABLE,
                    "client certificate file "
                            + access.certificates().otherClient().certificate());
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void inspect_tlsOnPlainPort_isNotRedis(RedisVersion version) {
        try (RedisServer server = RedisServer.start(version)) {
            access.assertRefused(
                    SecureAccess.deploymentAt("127.0.0.1", server.port(), access.trusting()),
                    Reason.NOT_REDIS,
                    "TLS",
                    "redis://");
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void inspect_plainOnTlsPort_suggestsTls(RedisVersion version) {
        try (RedisServer server = access.start(version, access.certificates().server())) {
            NodeRefusedException refusal =
                    access.refusal(SecureAccess.deploymentAt("127.0.0.1", server.tlsPort(), /* tls= */ null));
            assertThat(refusal.reason()).isIn(Reason.UNREACHABLE, Reason.NOT_REDIS);
            assertThat(refusal).hasMessageContaining("does it require TLS (rediss://)?");
        }
    }

    @Test
    void inspect_tlsOnClosedPort_isUnreachable() {
        RedisServer server = RedisServer.start(RedisVersion.REDIS_7_0);
        server.close();
        access.assertRefused(
                SecureAccess.deploymentAt("127.0.0.1", server.port(), access.trusting()),
                Reason.UNREACHABLE,
                "accepts no connection");
        access.assertRefused(
                SecureAccess.deploymentAt("no-such-host.invalid", 6379, access.trusting()),
                Reason.UNREACHABLE,
                "host name is unknown");
    }

    /** Lists unusable PEM files, each with the problem and the rule that the message must name. */
    enum BrokenFile {
        MISSING("does not exist", "must be a PEM file"),
        FOLDER("is a folder", "must be a PEM file"),
        ENDLESS("is larger than", "must be a PEM file"),
        NOT_PEM("holds no", "must be PEM"),
        DAMAGED("damaged", "must be PEM");

        /** The part of the message that says what is wrong. */
        private final String problem;

        /** The part of the message that says what the file must be. */
        private final String rule;

        BrokenFile(String problem, String rule) {
            this.problem = problem;
            this.rule = rule;
        }

        /** Returns the path of such a file, which it creates if needed. */
        private Path make() {
            return switch (this) {
                case MISSING -> Path.of("/nonexistent/file.pem");
                case FOLDER -> Path.of("/");
                case ENDLESS -> Path.of("/dev/zero");
                case NOT_PEM -> access.certificates().file("not.pem", "topsecret");
                case DAMAGED ->
                    access.certificates()
                            .file("damaged.pem", "-----BEGIN CERTIFICATE-----\ntopsecret\n-----END CERTIFICATE-----\n");
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void inspect_unusableFile_isNamedWithTheRule(BrokenFile broken) {
        Path file = broken.make();
        Certificates.Pair client = access.certificates().client();

        // The file is used as the CA file, then as the client certificate, then as the client key.
        access.assertRefused(
                SecureAccess.deploymentAt(
                        "127.0.0.1", UNUSED_PORT, Tls.ofFiles(file, /* certificate= */ null, /* key= */ null)),
                Reason.UNREACHABLE,
                "CA file " + file,
                broken.problem,
                broken.rule);

        access.assertRefused(
                SecureAccess.deploymentAt(
                        "127.0.0.1", UNUSED_PORT, Tls.ofFiles(/* authorities= */ null, file, client.key())),
                Reason.UNREACHABLE,
                "client certificate file " + file,
                broken.problem,
                broken.rule);

        access.assertRefused(
                SecureAccess.deploymentAt(
                        "127.0.0.1", UNUSED_PORT, Tls.ofFiles(/* authorities= */ null, client.certificate(), file)),
                Reason.UNREACHABLE,
                "client key file " + file,
                broken == BrokenFile.DAMAGED ? "holds no private key" : broken.problem);
    }

    @Test
    void inspect_unusableKey_isRefusedWithTheRemedy() {
        Path certificate = access.certificates().client().certificate();

        // The file contains a key in a form that Keysweep does not read.
        for (String label : new String[] {"RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY"}) {
            Path key = access.certificates()
                    .file("old.key", "-----BEGIN " + label + "-----\ntopsecret\n-----END " + label + "-----\n");
            access.assertRefused(
                    SecureAccess.deploymentAt(
                            "127.0.0.1", UNUSED_PORT, Tls.ofFiles(/* authorities= */ null, certificate, key)),
                    Reason.UNREACHABLE,
                    "holds '" + label + "'",
                    "openssl pkcs8 -topk8 -nocrypt -in " + key);
        }

        // The file contains the key of another certificate.
        access.assertRefused(
                SecureAccess.deploymentAt(
                        "127.0.0.1",
                        UNUSED_PORT,
                        Tls.ofFiles(
                                /* authorities= */ null,
                                certificate,
                                access.certificates().server().key())),
                Reason.UNREACHABLE,
                "client key file " + access.certificates().server().key(),
                "does not belong to client certificate file " + certificate);
    }

    /** Asserts that a client which trusts only this authority refuses the server's certificate. */
    private static void assertUntrusted(RedisServer server, Certificates.Pair authority, String... parts) {
        List<String> expectedParts = new ArrayList<>(List.of(parts));
        expectedParts.add("certificate that is not trusted");
        access.assertRefused(
                SecureAccess.deploymentAt(
                        "127.0.0.1",
                        server.tlsPort(),
                        Tls.ofFiles(authority.certificate(), /* certificate= */ null, /* key= */ null)),
                Reason.UNREACHABLE,
                expectedParts.toArray(String[]::new));
    }
}
