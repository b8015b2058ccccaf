package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests sweeps of one server over TLS, mutual TLS, IPv6 and Unix sockets. */
final class SecureAccessIT {

    @AutoClose
    private static final SecureAccess access = new SecureAccess();

    static List<RedisVersion> versions() {
        return SecureAccess.versions();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void sweep_overTls_reclaimsExactly(RedisVersion version) throws InterruptedException {
        try (RedisServer server = access.start(version, access.certificates().server(), "--tls-auth-clients", "no")) {
            access.assertSweeps(server, SecureAccess.deploymentAt("127.0.0.1", server.tlsPort(), access.trusting()));
            access.assertSweeps(server, SecureAccess.deploymentAt("localhost", server.tlsPort(), access.trusting()));
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void sweep_overMutualTls_reclaimsExactly(RedisVersion version) throws InterruptedException {
        try (RedisServer server = access.start(version, access.certificates().server())) {
            access.assertSweeps(
                    server,
                    SecureAccess.deploymentAt(
                            "127.0.0.1",
                            server.tlsPort(),
                            access.presenting(access.certificates().client())));
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void sweep_overIpv6_reclaimsExactly(RedisVersion version) throws InterruptedException {
        try (RedisServer server = access.start(
                version, access.certificates().server(), "--tls-auth-clients", "no", "--bind", "127.0.0.1", "::1")) {
            access.assertSweeps(server, SecureAccess.deploymentAt("::1", server.port(), /* tls= */ null));
            access.assertSweeps(server, SecureAccess.deploymentAt("::1", server.tlsPort(), access.trusting()));
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void sweep_overUnixSocket_reclaimsExactly(RedisVersion version, @TempDir Path folder) throws InterruptedException {
        Path socket = folder.resolve("redis@1.sock");
        try (RedisServer server = RedisServer.start(version, "--unixsocket", socket.toString());
                RespClient client = server.client()) {
            access.assertSweeps(server, DeploymentUri.parse("unix://" + socket));

            client.call("ACL", "SETUSER", "sweeper", "on", ">secret", "+@all");
            access.assertSweeps(server, DeploymentUri.parse("unix://sweeper:secret@" + socket));
            access.assertRefused(
                    DeploymentUri.parse("unix://sweeper:wrong@" + socket), Reason.WRONG_CREDENTIALS, socket.toString());
        }
    }

    @Test
    void inspect_unusableSocket_isUnreachable(@TempDir Path folder) {
        // The path does not exist, is a folder, or is too long.
        Path socket = folder.resolve("redis.sock");
        access.assertRefused(
                SecureAccess.deploymentOfSocket(socket), Reason.UNREACHABLE, socket + " does not exist", "unixsocket");
        access.assertRefused(
                SecureAccess.deploymentOfSocket(Path.of("/")), Reason.UNREACHABLE, "accepts no connection");
        access.assertRefused(
                SecureAccess.deploymentOfSocket(folder.resolve("s".repeat(120))),
                Reason.UNREACHABLE,
                "too long for a Unix socket",
                "at most 103 bytes");

        // The socket file is left over from a server.
        RedisServer server = RedisServer.start(RedisVersion.REDIS_7_0, "--unixsocket", socket.toString());
        // A killed server does not remove its socket file.
        server.close();

        assertThat(socket).exists();
        access.assertRefused(SecureAccess.deploymentOfSocket(socket), Reason.UNREACHABLE, "accepts no connection");
    }

    @Test
    void sweep_withAndWithoutCertificateInTurn_eachConnectionUsesItsOwn() throws InterruptedException {
        try (RedisServer server =
                access.start(RedisVersion.REDIS_7_0, access.certificates().server())) {
            access.assertSweeps(
                    server,
                    SecureAccess.deploymentAt(
                            "127.0.0.1",
                            server.tlsPort(),
                            access.presenting(access.certificates().client())));
            access.assertRefused(
                    SecureAccess.deploymentAt("127.0.0.1", server.tlsPort(), access.trusting()),
                    Reason.UNREACHABLE,
                    "client certificate");
            access.assertSweeps(
                    server,
                    SecureAccess.deploymentAt(
                            "127.0.0.1",
                            server.tlsPort(),
                            access.presenting(access.certificates().client())));
        }
    }
}
