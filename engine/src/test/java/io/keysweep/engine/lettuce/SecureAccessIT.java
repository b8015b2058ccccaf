package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.PrimarySweeper;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.sweep.Timing;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.Credentials;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.engine.topology.Tls;
import io.keysweep.testkit.Certificates;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests connections to one server other than plain TCP over IPv4: TLS, mutual TLS, IPv6 and Unix sockets. */
final class SecureAccessIT {

    @AutoClose
    private static final Certificates certificates = Certificates.create();

    @AutoClose
    private static final SweepEngine engine = new PrimarySweeper(
            new LettuceConnector(Duration.ofSeconds(2), Duration.ofSeconds(3)), Timing.system(), new Random(1));

    static Stream<RedisVersion> versions() {
        return Stream.of(RedisVersion.REDIS_6_0, RedisVersion.REDIS_7_0, RedisVersion.REDIS_8_0, RedisVersion.VALKEY_9);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void sweep_overTls_reclaimsExactly(RedisVersion version) throws InterruptedException {
        try (RedisServer server = start(version, certificates.server(), "--tls-auth-clients", "no")) {
            assertSweeps(server, at("127.0.0.1", server.tlsPort(), trusting()));
            assertSweeps(server, at("localhost", server.tlsPort(), trusting()));
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void sweep_overMutualTls_reclaimsExactly(RedisVersion version) throws InterruptedException {
        try (RedisServer server = start(version, certificates.server())) {
            assertSweeps(server, at("127.0.0.1", server.tlsPort(), showing(certificates.client())));
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void sweep_overIpv6_reclaimsExactly(RedisVersion version) throws InterruptedException {
        try (RedisServer server =
                start(version, certificates.server(), "--tls-auth-clients", "no", "--bind", "127.0.0.1", "::1")) {
            assertSweeps(server, at("::1", server.port(), null));
            assertSweeps(server, at("::1", server.tlsPort(), trusting()));
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void sweep_overUnixSocket_reclaimsExactly(RedisVersion version, @TempDir Path folder) throws InterruptedException {
        Path socket = folder.resolve("redis@1.sock");
        try (RedisServer server = RedisServer.start(version, "--unixsocket", socket.toString());
                RespClient client = server.client()) {
            assertSweeps(server, DeploymentUri.parse("unix://" + socket, null, null));

            client.call("ACL", "SETUSER", "sweeper", "on", ">secret", "+@all");
            assertSweeps(server, DeploymentUri.parse("unix://sweeper:secret@" + socket, null, null));
            assertRefused(
                    DeploymentUri.parse("unix://sweeper:wrong@" + socket, null, null),
                    Reason.WRONG_CREDENTIALS,
                    socket.toString());
        }
    }

    @Test
    void inspect_noServerAtSocket_isUnreachable(@TempDir Path folder) {
        Path socket = folder.resolve("redis.sock");
        assertRefused(socket(socket), Reason.UNREACHABLE, socket + " does not exist", "unixsocket");
        assertRefused(socket(Path.of("/")), Reason.UNREACHABLE, "accepts no connection");
        assertRefused(
                socket(folder.resolve("s".repeat(120))),
                Reason.UNREACHABLE,
                "too long for a Unix socket",
                "at most 103 bytes");
        RedisServer server = RedisServer.start(RedisVersion.REDIS_7_0, "--unixsocket", socket.toString());
        // A killed server does not remove its socket file.
        server.close();
        assertThat(socket).exists();
        assertRefused(socket(socket), Reason.UNREACHABLE, "accepts no connection");
    }

    @Test
    void sweep_differentCertificatesInTurn_eachConnectionUsesItsOwn() throws InterruptedException {
        try (RedisServer server = start(RedisVersion.REDIS_7_0, certificates.server())) {
            assertSweeps(server, at("127.0.0.1", server.tlsPort(), showing(certificates.client())));
            assertRefused(at("127.0.0.1", server.tlsPort(), trusting()), Reason.UNREACHABLE, "client certificate");
            assertSweeps(server, at("127.0.0.1", server.tlsPort(), showing(certificates.client())));
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void inspect_certificateOfUnknownAuthority_isNotTrusted(RedisVersion version) {
        try (RedisServer server = start(version, certificates.server(), "--tls-auth-clients", "no")) {
            assertRefused(
                    at("127.0.0.1", server.tlsPort(), Tls.DEFAULT),
                    Reason.UNREACHABLE,
                    "certificate that is not trusted",
                    "that Java trusts",
                    "configure a CA file");
            Path other = certificates.otherAuthority().certificate();
            assertRefused(
                    at("127.0.0.1", server.tlsPort(), Tls.ofFiles(other, null, null)),
                    Reason.UNREACHABLE,
                    "certificate that is not trusted",
                    "CA file " + other);
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void inspect_certificateForAnotherName_isRefusedWithTheName(RedisVersion version) {
        try (RedisServer server = start(version, certificates.wrongName(), "--tls-auth-clients", "no")) {
            for (String host : new String[] {"127.0.0.1", "localhost"}) {
                assertRefused(
                        at(host, server.tlsPort(), trusting()),
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
        try (RedisServer server = start(version, certificates.server())) {
            assertRefused(
                    at("127.0.0.1", server.tlsPort(), trusting()),
                    Reason.UNREACHABLE,
                    "client certificate",
                    "configure certificate and key");
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void inspect_clientCertificateOfUnknownAuthority_isNotAccepted(RedisVersion version) {
        try (RedisServer server = start(version, certificates.server())) {
            assertRefused(
                    at("127.0.0.1", server.tlsPort(), showing(certificates.otherClient())),
                    Reason.UNREACHABLE,
                    "client certificate file " + certificates.otherClient().certificate());
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void inspect_tlsOnPlainPort_isNotRedis(RedisVersion version) {
        try (RedisServer server = RedisServer.start(version)) {
            assertRefused(at("127.0.0.1", server.port(), trusting()), Reason.NOT_REDIS, "TLS", "redis://");
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void inspect_plainOnTlsPort_suggestsTls(RedisVersion version) {
        try (RedisServer server = start(version, certificates.server())) {
            NodeRefusedException e = refusal(at("127.0.0.1", server.tlsPort(), null));
            assertThat(e.reason()).isIn(Reason.UNREACHABLE, Reason.NOT_REDIS);
            assertThat(e).hasMessageContaining("does it require TLS (rediss://)?");
        }
    }

    @Test
    void inspect_tlsOnClosedPort_isUnreachable() {
        RedisServer server = RedisServer.start(RedisVersion.REDIS_7_0);
        server.close();
        assertRefused(at("127.0.0.1", server.port(), trusting()), Reason.UNREACHABLE, "accepts no connection");
        assertRefused(at("no-such-host.invalid", 6379, trusting()), Reason.UNREACHABLE, "host name is unknown");
    }

    /** Holds unusable PEM files, each with the problem and the rule that the message must name. */
    enum BrokenFile {
        MISSING("does not exist", "must be a PEM file"),
        FOLDER("is a folder", "must be a PEM file"),
        NOT_PEM("holds no", "must be PEM"),
        DAMAGED("damaged", "must be PEM");

        private final String what;
        private final String rule;

        BrokenFile(String what, String rule) {
            this.what = what;
            this.rule = rule;
        }

        private Path make() {
            return switch (this) {
                case MISSING -> Path.of("/nonexistent/file.pem");
                case FOLDER -> Path.of("/");
                case NOT_PEM -> certificates.file("not.pem", "topsecret");
                case DAMAGED ->
                    certificates.file(
                            "damaged.pem", "-----BEGIN CERTIFICATE-----\ntopsecret\n-----END CERTIFICATE-----\n");
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void inspect_unusableFile_isNamedWithTheRule(BrokenFile broken) {
        Path file = broken.make();
        Certificates.Pair client = certificates.client();
        assertRefused(
                at("127.0.0.1", 1, Tls.ofFiles(file, null, null)),
                Reason.UNREACHABLE,
                "CA file " + file,
                broken.what,
                broken.rule);
        assertRefused(
                at("127.0.0.1", 1, Tls.ofFiles(null, file, client.key())),
                Reason.UNREACHABLE,
                "client certificate file " + file,
                broken.what,
                broken.rule);
        assertRefused(
                at("127.0.0.1", 1, Tls.ofFiles(null, client.certificate(), file)),
                Reason.UNREACHABLE,
                "client key file " + file,
                broken == BrokenFile.DAMAGED ? "holds no private key" : broken.what);
    }

    @Test
    void inspect_unusableKey_isRefusedWithTheRemedy() {
        Path certificate = certificates.client().certificate();
        for (String label : new String[] {"RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY"}) {
            Path key = certificates.file(
                    "old.key", "-----BEGIN " + label + "-----\ntopsecret\n-----END " + label + "-----\n");
            assertRefused(
                    at("127.0.0.1", 1, Tls.ofFiles(null, certificate, key)),
                    Reason.UNREACHABLE,
                    "holds \"" + label + "\"",
                    "openssl pkcs8 -topk8 -nocrypt -in " + key);
        }
        assertRefused(
                at(
                        "127.0.0.1",
                        1,
                        Tls.ofFiles(null, certificate, certificates.server().key())),
                Reason.UNREACHABLE,
                "client key file " + certificates.server().key(),
                "does not belong to client certificate file " + certificate);
    }

    private static RedisServer start(RedisVersion version, Certificates.Pair shown, String... options) {
        return RedisServer.startWithTls(version, shown, certificates.authority().certificate(), options);
    }

    private static Tls trusting() {
        return Tls.ofFiles(certificates.authority().certificate(), null, null);
    }

    private static Tls showing(Certificates.Pair client) {
        return Tls.ofFiles(certificates.authority().certificate(), client.certificate(), client.key());
    }

    private static Deployment socket(Path path) {
        return new Deployment.Standalone(NodeAddress.unix(path.toString()), Access.OPEN);
    }

    private static Deployment at(String host, int port, @Nullable Tls tls) {
        return new Deployment.Standalone(new NodeAddress(host, port), new Access(Credentials.NONE, tls));
    }

    private static void assertSweeps(RedisServer server, Deployment deployment) throws InterruptedException {
        try (RespClient client = server.client()) {
            client.call("FLUSHALL");
            KeySpace keys = KeySpace.frozen(client).plant(0, 300, 200).plant(3, 0, 70);

            SweepReport report =
                    engine.sweep(SweepRequest.of(deployment, PacePolicy.FULL), new SweepControl(), new EventLog());

            assertThat(report.reclaimed()).isEqualTo(270);
            assertThat(report.exact()).isTrue();
            assertThat(keys.size(0)).isEqualTo(300);
            assertThat(keys.size(3)).isZero();
        }
    }

    private static void assertRefused(Deployment deployment, Reason reason, String... parts) {
        NodeRefusedException e = refusal(deployment);
        assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason);
        assertThat(e)
                .message()
                .startsWith(e.nodeId() + " ")
                .contains(parts)
                .doesNotContain("topsecret", "Exception", "\n");
    }

    private static NodeRefusedException refusal(Deployment deployment) {
        NodeRefusedException e = catchThrowableOfType(NodeRefusedException.class, () -> engine.inspect(deployment));
        assertThat(e).as("refusal of " + deployment).isNotNull();
        return e;
    }
}
